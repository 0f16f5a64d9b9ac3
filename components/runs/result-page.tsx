"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { LazyTrend } from "../measurements/lazy-trend.tsx";
import { useMe } from "../team/use-team.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { BackToRun } from "./back-to-run.tsx";
import ResultDetail from "./result-detail.tsx";

const JudgeAgain = lazy(() => import("../judging/judge-again.tsx"));
const JudgedNote = lazy(() => import("../judging/judged-note.tsx"));
const CaptureDownload = lazy(() => import("./capture-download.tsx"));

/** One result at its permanent address. */
export function ResultPage({ team, runId, resultId }: { team: string; runId: string; resultId: string }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const { data: run } = useSuspenseQuery(trpc.run.get.queryOptions({ team, runId }));
  const { data: result } = useSuspenseQuery(trpc.run.result.queryOptions({ team, runId, resultId }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const check = checks.find((one) => one.id === result.checkId);
  const given = Object.entries(result.params);
  const { can } = useMe([result.cluster]);
  return (
    <>
      <PageHeader
        eyebrow={<BackToRun team={team} run={run} />}
        title={check ? inLocale(check.title, locale) : result.checkId}
        actions={
          can("operator") && run.endedAt ? (
            <Suspense>
              <JudgeAgain team={team} run={run} resultId={resultId} />
            </Suspense>
          ) : null
        }
      >
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-dense">
          {result.verdict ? <VerdictBadge verdict={result.verdict} wash /> : t(`phase.${result.phase}`)}
          <span>{result.targetName}</span>
          <span className="font-mono">
            {result.checkId} v{result.checkVersion}
          </span>
          {result.endedAt ? <Time at={result.endedAt} /> : null}
        </span>
      </PageHeader>
      {result.facts ? (
        <Suspense>
          <JudgedNote team={team} facts={result.facts} runId={runId} />
        </Suspense>
      ) : null}
      {given.length > 0 ? (
        <dl className="mb-4 flex flex-wrap gap-x-6 gap-y-1">
          {given.map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-faint">{name}</dt>
              <dd className="font-mono text-[0.75rem] leading-5 break-all">{String(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {result.checkId === "host/packet-capture" && result.phase === "done" && can("operator") ? (
        <Suspense>
          <CaptureDownload {...{ team, runId, resultId }} />
        </Suspense>
      ) : null}
      {result.phase === "done" ? <ResultDetail team={team} runId={runId} result={result} level={2} /> : null}
      {result.target === "none" ? null : (
        <div className="mt-4 border-t border-line pt-2">
          <LazyTrend
            {...{ team, cluster: result.cluster, checkId: result.checkId, targets: [result.target] }}
          />
        </div>
      )}
    </>
  );
}
