"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { ResultGroup, RunView } from "#common/contracts/run.ts";
import type { Verdict } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { ChevronRightIcon } from "../ui/icons.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { VerdictIcon } from "../ui/verdict.tsx";
import { isLive } from "./is-live.ts";
import { ResultRow } from "./result-row.tsx";
import { doneOf, worstGroupsFirst } from "./sort-groups.ts";

const perPage = 50;
const refreshMs = 3_000;
const shownVerdicts = ["fail", "unknown", "warn", "pass", "skip"] as const;

type Props = { team: string; run: RunView; titles: ReadonlyMap<string, string>; only: Verdict | null };

/** A run of very many results: a line per check and cluster with its sums, the results below it when asked for. */
export default function ResultGroups({ team, run, titles, only }: Props) {
  const live = isLive(run);
  const wanted = run.groups.filter((group) => only === null || group.verdicts[only] > 0);
  return run.clusters.map((cluster) => {
    const groups = worstGroupsFirst(
      wanted.filter((group) => group.cluster === cluster.slug),
      live,
    );
    if (groups.length === 0) return null;
    return (
      <section key={cluster.slug} aria-label={cluster.name} className="mb-6">
        {run.clusters.length > 1 ? <h2 className="mb-1 font-medium">{cluster.name}</h2> : null}
        <ul className="divide-y divide-line border-y border-line">
          {groups.map((group) => (
            <Group
              key={group.checkId}
              {...{ team, group, only, live, runId: run.id }}
              title={titles.get(group.checkId) ?? group.checkId}
            />
          ))}
        </ul>
      </section>
    );
  });
}

type GroupProps = {
  team: string;
  runId: string;
  group: ResultGroup;
  title: string;
  only: Verdict | null;
  live: boolean;
};

function Group({ team, runId, group, title, only, live }: GroupProps) {
  const t = useTranslations("runs");
  const panel = useId();
  const [open, setOpen] = useState(false);
  const done = doneOf(group);
  return (
    <li data-check={group.checkId}>
      <div className="grid min-h-9 grid-cols-[1.25rem_minmax(0,1fr)] items-center gap-x-2 gap-y-0.5 py-1 md:grid-cols-[1.25rem_minmax(0,1fr)_auto_12rem]">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={panel}
          aria-label={t("toggleTargets", { title })}
          onClick={() => setOpen(!open)}
          className="inline-flex size-5 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-ink"
        >
          <ChevronRightIcon
            size={14}
            className={clsx("transition-transform duration-150", open && "rotate-90")}
          />
        </button>
        <h3 className="min-w-0 font-medium md:truncate">{title}</h3>
        <span className="col-start-2 flex flex-wrap gap-x-3 md:col-start-auto">
          {shownVerdicts.map((verdict) =>
            group.verdicts[verdict] > 0 ? (
              <span key={verdict} className="inline-flex items-center gap-1">
                <VerdictIcon verdict={verdict} size={14} labelled />
                {group.verdicts[verdict]}
              </span>
            ) : null,
          )}
        </span>
        <span className="col-start-2 min-h-5 text-faint md:col-start-auto md:justify-self-end">
          {live && done < group.total ? (
            <span className="flex items-center gap-2">
              <ProgressBar done={done} total={group.total} label={title} className="w-20" />
              {t("targetsOf", { done, total: group.total })}
            </span>
          ) : (
            t("targets", { count: group.total })
          )}
        </span>
      </div>
      <div id={panel} className="pl-7">
        {open ? <Targets {...{ team, runId, group, only, live, title }} /> : null}
      </div>
    </li>
  );
}

function Targets({ team, runId, group, title, only, live }: GroupProps) {
  const t = useTranslations("runs");
  const input = {
    ...{ team, runId, cluster: group.cluster, checkId: group.checkId, limit: perPage },
    verdict: only ?? undefined,
  };
  const query = useInfiniteQuery(
    trpc.run.results.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.next,
      refetchInterval: live ? refreshMs : false,
    }),
  );
  if (query.isPending) return <SkeletonRows rows={3} label={t("loadingResults")} />;
  if (query.isError && !query.data) {
    return (
      <p className="flex items-center gap-3 py-2 text-soft">
        {t("resultsFailed")} <Button onClick={() => query.refetch()}>{t("retry")}</Button>
      </p>
    );
  }
  const results = query.data.pages.flatMap((page) => page.items);
  return (
    <div className="pb-3">
      <ul className="divide-y divide-line border-t border-line">
        {results.map((result) => (
          <ResultRow
            key={result.id}
            {...{ team, runId, result }}
            title={`${title} · ${result.targetName}`}
            short
            startOpen={false}
          />
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button
          size="small"
          tone="quiet"
          busy={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {t("moreTargets")}
        </Button>
      ) : null}
    </div>
  );
}
