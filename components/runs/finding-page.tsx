"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Time } from "../ui/time.tsx";
import { BackToRun } from "./back-to-run.tsx";
import { FindingItem } from "./finding-item.tsx";
import { RunClusters } from "./run-clusters.tsx";
import { runQuery } from "./run-query.ts";

/** One finding at its permanent address, everything unfolded. */
export function FindingPage({ team, runId, findingId }: { team: string; runId: string; findingId: string }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const { data: run } = useSuspenseQuery(trpc.run.get.queryOptions({ team, runId }));
  const { data: finding } = useSuspenseQuery(trpc.run.finding.queryOptions({ team, runId, findingId }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const check = checks.find((one) => one.id === finding.checkId);
  return (
    <>
      <PageHeader
        eyebrow={<BackToRun team={team} run={run} />}
        title={check ? inLocale(check.title, locale) : finding.checkId}
      >
        <span className="flex flex-wrap gap-x-4 text-dense">
          <RunClusters clusters={run.clusters} />
          <Time at={run.createdAt} />
          <Link
            href={`/${team}/runs/${runId}/results/${finding.resultId}${runQuery(run)}`}
            className="hover:text-accent"
          >
            {t("wholeResult")}
          </Link>
          <span className="font-mono text-faint">{finding.fingerprint}</span>
        </span>
      </PageHeader>
      <div className="border-y border-line">
        <FindingItem finding={finding} open level={2} />
      </div>
      {check ? <p className="mt-4 max-w-[72ch] text-body text-soft">{inLocale(check.why, locale)}</p> : null}
    </>
  );
}
