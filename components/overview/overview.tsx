"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Counts } from "#common/result.ts";
import type { Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageHeader, Section } from "#components/ui/page-header.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";
import { Changes } from "./changes.tsx";
import { HeatGrid } from "./heat-grid.tsx";

const worstFirst = ["fail", "unknown", "warn", "pass", "skip"] as const;

/** `news`: a line made on the server. */
export function OverviewPage({ news }: { news: ReactNode }) {
  const t = useTranslations("overview");
  const team = useTeam();
  const locale = useLocale() as Locale;
  const { data } = useSuspenseQuery(trpc.overview.get.queryOptions({ team, locale }));
  const ran = data.rows.some((row) => row.cells.length > 0);
  return (
    <>
      <PageHeader title={t("title")} actions={ran ? <Totals totals={data.totals} /> : null}>
        {ran ? t("intro") : null}
      </PageHeader>
      {ran ? news : null}
      {ran ? (
        <div className="grid gap-x-12 gap-y-9 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <HeatGrid overview={data} />
          <div>
            <Section title={t("changes")} aside={t("runsToday", { count: data.runsToday })}>
              <Changes changes={data.changes} />
            </Section>
          </div>
        </div>
      ) : (
        <FirstRun />
      )}
    </>
  );
}

function Totals({ totals }: { totals: Counts }) {
  const t = useTranslations("overview");
  return (
    <ul aria-label={t("totals")} className="flex flex-wrap gap-x-5 gap-y-1 pt-1.5">
      {worstFirst
        .filter((verdict) => totals[verdict] > 0)
        .map((verdict) => (
          <li key={verdict} className="flex items-center gap-1.5">
            <span className="font-semibold text-ink">{totals[verdict]}</span>
            <VerdictBadge verdict={verdict} />
          </li>
        ))}
    </ul>
  );
}

function FirstRun() {
  const t = useTranslations("overview");
  const href = useTeamHref();
  const { can } = useMe();
  const { clusters } = useChosenCluster();
  const connect = clusters.length === 0 && can("admin");
  return (
    <EmptyState
      title={t("emptyTitle")}
      action={
        <>
          {connect ? (
            <ButtonLink href={href("/clusters/connect")} tone="primary">
              {t("emptyClusters")}
            </ButtonLink>
          ) : null}
          <ButtonLink href={href("/runbooks")} tone={connect ? "secondary" : "primary"}>
            {t("emptyRunbooks")}
          </ButtonLink>
        </>
      }
    >
      <p>{t("emptyText")}</p>
      {clusters.length === 0 ? <p className="mt-2">{t("emptyTextNoCluster")}</p> : null}
    </EmptyState>
  );
}
