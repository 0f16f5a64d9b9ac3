"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useLive } from "#components/comments/use-live.ts";
import { InboxLink } from "#components/inbox/inbox-link.tsx";
import { useMe } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { FindingFilters } from "./finding-filters.tsx";
import { FindingTable } from "./finding-table.tsx";
import { StateTabs } from "./state-tabs.tsx";
import { filterOf, isNarrowed, useFindingFilter } from "./use-finding-filter.ts";

const ExportLinks = lazy(() => import("#components/exports/export-links.tsx"));
const FindingActions = lazy(() => import("./finding-actions.tsx"));
const NothingFound = lazy(() => import("./nothing-found.tsx"));
const perPage = 50;
const none: ReadonlySet<string> = new Set();

/** Everything that is wrong, and what became of it; the filters live in the URL. */
export function FindingsPage({ team }: { team: string }) {
  const t = useTranslations("findings");
  const common = useTranslations("common");
  useLive(team);
  const { canSomewhere } = useMe();
  const [choice, choose] = useFindingFilter();
  const [chosen, setChosen] = useState(none);
  const filter = filterOf(choice);
  const counts = useQuery(
    trpc.finding.counts.queryOptions({ team, filter: { ...filter, state: undefined } }),
  );
  const query = useInfiniteQuery(
    trpc.finding.list.infiniteQueryOptions(
      { team, filter, limit: perPage },
      { getNextPageParam: (page) => page.next },
    ),
  );
  const lives = query.data?.pages.flatMap((page) => page.items) ?? [];
  const there = lives.filter(({ id }) => chosen.has(id));
  const choosing = (ids: string[], is: boolean) =>
    setChosen((held) => new Set(is ? [...held, ...ids] : [...held].filter((id) => !ids.includes(id))));
  const change = (next: Partial<typeof choice> | null) => {
    setChosen(none);
    choose(next);
  };
  return (
    <>
      <PageHeader title={t("title")} actions={<InboxLink team={team} />}>
        {counts.data ? (
          <span role="status">{t("summary", { open: counts.data.open, muted: counts.data.muted })}</span>
        ) : (
          t("lead")
        )}
      </PageHeader>
      <FindingFilters team={team} value={choice} onChange={change} />
      <StateTabs counts={counts.data} value={choice.state} onChange={(state) => change({ state })} />
      {there.length > 0 ? (
        <Suspense fallback={<div className="mb-3 h-8" />}>
          <FindingActions team={team} lives={there} onDone={() => setChosen(none)} />
        </Suspense>
      ) : null}
      {query.isPending ? <SkeletonRows rows={8} label={common("loading")} /> : null}
      {query.isError && !query.data ? (
        <ErrorState
          title={t("failed")}
          action={<Button onClick={() => void query.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {query.data && lives.length === 0 ? (
        <Suspense fallback={<div className="h-40" />}>
          <NothingFound onClear={isNarrowed(choice) ? () => change(null) : null} />
        </Suspense>
      ) : null}
      {lives.length > 0 ? (
        <>
          <FindingTable lives={lives} chosen={canSomewhere("operator") ? chosen : null} onChoose={choosing} />
          <div className="mt-3 flex min-h-8 flex-wrap items-center justify-between gap-x-4">
            {query.hasNextPage ? (
              <Button tone="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("more")}
              </Button>
            ) : null}
            <Suspense>
              <ExportLinks team={team} view="findings" filter={filter} />
            </Suspense>
          </div>
        </>
      ) : null}
    </>
  );
}
