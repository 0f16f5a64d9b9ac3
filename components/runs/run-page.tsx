"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { ResultView, RunView } from "#common/contracts/run.ts";
import { mostResultsAtOnce } from "#common/most-results.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { verdicts } from "#common/verdict.ts";
import { choicePart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { trpc } from "../api/trpc.ts";
import { useMe } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { ErrorState } from "../ui/states.tsx";
import { CancelRun } from "./cancel-run.tsx";
import { isLive } from "./is-live.ts";
import { ResultRow } from "./result-row.tsx";
import { RunHeader } from "./run-header.tsx";
import { useRun } from "./use-run.ts";

const ResultGroups = lazy(() => import("./result-groups.tsx"));
const VerdictFilter = lazy(() => import("./verdict-filter.tsx"));
const RunActions = lazy(() => import("./run-actions.tsx"));
const JudgedRun = lazy(() => import("../judging/judged-run.tsx"));

/** More results than this stay folded while they arrive, so that nothing moves under the reader. */
const openByDefault = 3;

const filter = { verdict: choicePart(verdicts) };

/** A run, live while it goes: one line per check, its findings below it when asked for. */
export function RunPage({ team, runId }: { team: string; runId: string }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const { run, error, retry, reconnecting } = useRun(team, runId);
  const { can } = useMe(run?.clusters.map(({ slug }) => slug));
  const { data: checks } = useQuery(
    trpc.check.list.queryOptions({ team }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const [{ verdict: only }, choose] = useUrlState(filter);
  if (!run) {
    if (!error) return null;
    return (
      <ErrorState
        title={t("runFailedToLoad")}
        action={<Button onClick={() => retry()}>{t("retry")}</Button>}
      />
    );
  }
  const titles = new Map(checks?.map((check) => [check.id, inLocale(check.title, locale)]));
  const shown = run.results.filter((result) => only === null || result.verdict === only);
  return (
    <>
      <RunHeader
        team={team}
        run={run}
        actions={
          isLive(run) ? (
            can("operator") && <CancelRun team={team} run={run} />
          ) : (
            <Suspense fallback={<div className="h-8" />}>
              <RunActions team={team} run={run} canRun={can("operator")} />
            </Suspense>
          )
        }
      />
      {run.judgedFrom ? (
        <Suspense>
          <JudgedRun team={team} run={run} judgedFrom={run.judgedFrom} />
        </Suspense>
      ) : null}
      {reconnecting ? (
        <p className="mb-3 border-l-2 border-unknown bg-sunken px-3 py-1.5">{t("reconnecting")}</p>
      ) : null}
      {run.total > 1 ? (
        <Suspense fallback={<div className="mb-2 h-7" />}>
          <VerdictFilter run={run} value={only} onChange={(verdict) => choose({ verdict })} />
        </Suspense>
      ) : null}
      {run.total > mostResultsAtOnce ? (
        <Suspense fallback={<SkeletonRows rows={8} label={t("loadingResults")} />}>
          <ResultGroups {...{ team, run, titles, only }} />
        </Suspense>
      ) : run.results.length === 0 ? (
        <p className="border-y border-line py-6 text-soft" role="status">
          {isLive(run) ? t("waitingForWorker") : t("nothingRan")}
        </p>
      ) : (
        byCluster(run, shown).map(({ cluster, results }) => (
          <section key={cluster} aria-label={cluster} className="mb-6">
            {run.clusters.length > 1 ? <h2 className="mb-1 font-medium">{cluster}</h2> : null}
            <ul className="divide-y divide-line border-y border-line">
              {results.map((result) => (
                <ResultRow
                  key={result.id}
                  team={team}
                  runId={run.id}
                  result={result}
                  title={titles.get(result.checkId) ?? result.checkId}
                  startOpen={run.results.length <= openByDefault}
                />
              ))}
            </ul>
          </section>
        ))
      )}
      <LiveSummary run={run} />
    </>
  );
}

/** Results under the name of their cluster, in the order the clusters were chosen. */
function byCluster({ clusters }: RunView, results: ResultView[]) {
  return clusters
    .map(({ slug, name }) => ({
      cluster: name,
      results: results.filter((result) => clusters.length === 1 || result.cluster === slug),
    }))
    .filter((each) => each.results.length > 0);
}

/** Says what settled, once, to people who do not see the rows change. */
function LiveSummary({ run }: { run: RunView }) {
  const t = useTranslations("runs");
  const done = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  return (
    <p className="sr-only" role="status">
      {isLive(run) ? t("liveSummary", { done, total: run.total }) : t(`status.${run.status}`)}
    </p>
  );
}
