"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { RunbookSummary } from "#common/contracts/runbook.ts";
import { calendarDay } from "#common/format.ts";
import type { Locale } from "#common/text.ts";
import { verdicts } from "#common/verdict.ts";
import { trpc } from "#components/api/trpc.ts";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { RunbookFilters } from "./runbook-list-filters.tsx";
import { RunbookRow } from "./runbook-list-row.tsx";

const filterParts = {
  q: textPart(""),
  tag: textPart(),
  verdict: choicePart(verdicts),
};

/** All runbooks, newest week first, with what each says on the chosen cluster. Filters live in the address. */
export function RunbookList() {
  const t = useTranslations("runbooks");
  const common = useTranslations("common");
  const team = useTeam();
  const href = useTeamHref();
  const { can } = useMe();
  const locale = useLocale() as Locale;
  const { cluster } = useChosenCluster();
  const [filters, setFilters] = useUrlState(filterParts, { waitMs: 200 });
  const where = { team, locale, cluster: cluster?.slug };
  const everything = useQuery(trpc.runbook.list.queryOptions(where));
  const found = useQuery(
    trpc.runbook.list.queryOptions(
      { ...where, q: filters.q.trim() || undefined, tag: filters.tag ?? undefined },
      { placeholderData: keepPreviousData },
    ),
  );
  const words = useErrorWords()(found.error);
  const shown = (found.data ?? []).filter(({ verdict }) => !filters.verdict || verdict === filters.verdict);
  const clear = () => setFilters(null);

  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          can("operator") ? (
            <>
              <ButtonLink href={href("/runbooks/drafts")}>{t("import")}</ButtonLink>
              <ButtonLink href={href("/runbooks/new")}>{t("write")}</ButtonLink>
            </>
          ) : null
        }
      >
        {t("intro")}
      </PageHeader>
      <RunbookFilters
        filters={filters}
        onChange={setFilters}
        tags={tagsOf(everything.data ?? [], locale)}
        clusterName={cluster?.name ?? null}
      />
      <div aria-live="polite" className="sr-only">
        {found.data ? t("count", { count: shown.length }) : null}
      </div>
      {found.isPending ? <SkeletonRows rows={10} label={common("loading")} /> : null}
      {found.error ? (
        <ErrorState
          title={words.form ?? common("unreachable")}
          action={<Button onClick={() => void found.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {found.data && shown.length === 0 ? (
        <EmptyState title={t("emptyTitle")} action={<Button onClick={clear}>{t("clear")}</Button>}>
          {t("emptyText")}
        </EmptyState>
      ) : null}
      {byWeek(shown, filters.q !== "").map(({ week, runbooks }) => (
        <section key={week ?? "found"} className="mb-7">
          {week ? (
            <h2 className="sticky top-11 z-10 border-b border-line bg-bg py-1.5 text-dense md:-mx-3 md:px-3 font-medium text-faint max-md:top-12">
              {t("week", { day: calendarDay(week, locale) })}
            </h2>
          ) : null}
          <ul className="divide-y divide-line">
            {runbooks.map((runbook) => (
              <RunbookRow key={runbook.slug} runbook={runbook} cluster={cluster} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** Weeks newest first; what a search found stays in the order of its relevance. */
function byWeek(runbooks: RunbookSummary[], ranked: boolean) {
  if (ranked) return runbooks.length > 0 ? [{ week: null, runbooks }] : [];
  const weeks = Map.groupBy(runbooks, ({ week }) => week);
  return [...weeks]
    .map(([week, inWeek]) => ({ week, runbooks: inWeek.toSorted((a, b) => a.number - b.number) }))
    .toSorted((a, b) => b.week.localeCompare(a.week));
}

function tagsOf(runbooks: RunbookSummary[], locale: string): string[] {
  return [...new Set(runbooks.flatMap(({ tags }) => tags))].toSorted((a, b) => a.localeCompare(b, locale));
}
