"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { Comparison, RunSummary } from "#common/contracts/run.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { runQuery } from "../runs/run-query.ts";
import { useRunTitle } from "../runs/use-run-title.ts";
import { useMe } from "../team/use-team.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { CompareChoice } from "./compare-choice.tsx";
import { ComparedCheck } from "./compared-check.tsx";

const ShareButton = lazy(() => import("../shares/share-button.tsx"));

/** Two runs side by side, finding by finding: what is new, fixed, changed, the same, and what cannot be compared. */
export function ComparePage({ team, runId, other }: { team: string; runId: string; other?: string }) {
  const t = useTranslations("compare");
  const locale = useLocale() as Locale;
  const titleOf = useRunTitle(team);
  const { data } = useSuspenseQuery(trpc.run.compare.queryOptions({ team, runId, with: other }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const titles = new Map(checks.map((check) => [check.id, inLocale(check.title, locale)]));
  const { before, after } = data;
  const { can } = useMe([...(before?.clusters ?? []), ...after.clusters].map(({ slug }) => slug));
  const query = runQuery(after);
  if (!before) {
    return (
      <>
        <PageHeader title={t("title", { what: titleOf(after) })} />
        <EmptyState
          title={t("noEarlier")}
          action={<ButtonLink href={`/${team}/runs/${after.id}${query}`}>{t("openRun")}</ButtonLink>}
        >
          {t("noEarlierLead", { cluster: namesOf(after) })}
        </EmptyState>
        <CompareChoice team={team} run={after} value={`/${team}/compare/${after.id}`} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={t("title", { what: titleOf(after) })}
        actions={
          can("operator") ? (
            <Suspense fallback={<div className="h-8" />}>
              <ShareButton team={team} runId={after.id} withRunId={before.id} />
            </Suspense>
          ) : null
        }
      >
        <span className="block">{t(sameFacts(before, after) ? "kindFacts" : "kindTime")}</span>
        <span className="block">{sentence(data, t)}</span>
      </PageHeader>
      <CompareChoice
        team={team}
        run={after}
        value={`/${team}/compare/${after.id}${other ? `?with=${other}` : ""}`}
      />
      <div className="mb-6 grid gap-4 sm:grid-cols-2">
        <Side team={team} run={before} label={t("before")} />
        <Side team={team} run={after} label={t("after")} />
      </div>
      <div className="space-y-8">
        {data.checks.map((check) => (
          <ComparedCheck
            key={`${check.cluster} ${check.checkId} ${check.target}`}
            team={team}
            check={check}
            title={titles.get(check.checkId) ?? check.checkId}
            before={before.id}
            after={after.id}
          />
        ))}
      </div>
    </>
  );
}

/** Facts that were judged twice: what differs is what the parameters or the check's version make of them. */
function sameFacts(before: RunSummary, after: RunSummary): boolean {
  return (before.judgedFrom ?? before.id) === (after.judgedFrom ?? after.id);
}

function sentence({ checks }: Comparison, t: ReturnType<typeof useTranslations<"compare">>): string {
  const total = (part: "new" | "fixed" | "changed" | "same") =>
    checks.reduce((sum, check) => sum + check.counts[part], 0);
  const incomparable = checks.filter((check) => check.incomparable !== null).length;
  return t("sentence", {
    new: total("new"),
    fixed: total("fixed"),
    changed: total("changed"),
    same: total("same"),
    incomparable,
  });
}

function namesOf({ clusters }: RunSummary): string {
  return clusters.map(({ name }) => name).join(", ");
}

function Side({ team, run, label }: { team: string; run: RunSummary; label: string }) {
  return (
    <div className="border-l-2 border-line pl-3">
      <p className="text-faint">{label}</p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-3">
        {run.verdict ? <VerdictBadge verdict={run.verdict} /> : null}
        <Link href={`/${team}/runs/${run.id}${runQuery(run)}`} className="hover:text-accent hover:underline">
          {namesOf(run)} · <Time at={run.createdAt} /> · {run.requestedBy}
        </Link>
      </p>
    </div>
  );
}
