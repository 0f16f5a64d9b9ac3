"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense } from "react";
import type { RunView } from "#common/contracts/run.ts";
import { duration } from "#common/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { isLive } from "./is-live.ts";
import { RunClusters } from "./run-clusters.tsx";
import { runQuery } from "./run-query.ts";
import { useRunTitle } from "./use-run-title.ts";

const CostLine = lazy(() => import("./cost-line.tsx"));

/** What ran where, who asked, how it stands. */
export function RunHeader({ team, run, actions }: { team: string; run: RunView; actions?: ReactNode }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  const title = useRunTitle(team)(run);
  const took = run.startedAt && run.endedAt ? run.endedAt.getTime() - run.startedAt.getTime() : null;
  return (
    <PageHeader
      eyebrow={
        <Link
          href={`/${team}/clusters/${run.clusters[0]?.slug}${runQuery(run)}`}
          className="hover:text-accent"
        >
          <RunClusters clusters={run.clusters} />
        </Link>
      }
      title={title}
      actions={actions}
    >
      <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="inline-flex min-w-24 items-center">
          {isLive(run) ? (
            <span className="inline-flex items-center gap-1.5">
              <Spinner />
              {run.cancelRequested ? t("cancelling") : t(`status.${run.status}`)}
            </span>
          ) : run.verdict ? (
            <VerdictBadge verdict={run.verdict} wash />
          ) : (
            t(`status.${run.status}`)
          )}
        </span>
        {run.status === "cancelled" || run.status === "failed" ? (
          <span>{t(`status.${run.status}`)}</span>
        ) : null}
        <span className="text-dense">
          {t.rich("askedBy", { who: run.requestedBy, when: () => <Time at={run.createdAt} /> })}
          {took === null ? null : <> · {duration(took, locale)}</>}
          {run.scheduleId ? (
            <>
              {" · "}
              <Link href={`/${team}/schedules#${run.scheduleId}`} className="underline hover:text-accent">
                {t("itsSchedule")}
              </Link>
            </>
          ) : null}
        </span>
        {run.cost ? (
          <span className="text-dense">
            <Suspense>
              <CostLine cost={run.cost} />
            </Suspense>
          </span>
        ) : null}
      </span>
      {run.ignored.map(({ checkId, from, name }) => (
        <span key={`${checkId} ${from} ${name}`} className="mt-1 block text-unknown">
          {t("ignoredParam", { check: checkId, from, name })}
        </span>
      ))}
      {run.error ? <span className="mt-1 block text-unknown">{run.error}</span> : null}
    </PageHeader>
  );
}
