"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "../api/trpc.ts";
import { useTeamHref } from "../team/use-team.ts";
import { Button } from "../ui/button.tsx";
import { ButtonLink } from "../ui/button-link.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { EmptyState, ErrorState } from "../ui/states.tsx";
import { HistoryFilters } from "./history-filters.tsx";
import { HistoryTable } from "./history-table.tsx";
import { filterOf, isFiltered, perPage, useHistoryFilter } from "./use-history-filter.ts";

/** Every run of the team, newest first; the filters live in the URL, so a view can be sent to somebody. */
export function HistoryPage({ team }: { team: string }) {
  const t = useTranslations("history");
  const [chosen, setChosen] = useHistoryFilter();
  const href = useTeamHref();
  const query = useInfiniteQuery(
    trpc.run.list.infiniteQueryOptions(
      { team, filter: filterOf(chosen), limit: perPage },
      { getNextPageParam: (page) => page.next, refetchInterval: 15_000 },
    ),
  );
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team }));
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      <HistoryFilters team={team} clusters={clusters ?? []} value={chosen} onChange={setChosen} />
      {query.isPending ? (
        <SkeletonRows rows={8} label={t("loading")} />
      ) : query.isError && !query.data ? (
        <ErrorState
          title={t("failed")}
          action={<Button onClick={() => query.refetch()}>{t("retry")}</Button>}
        />
      ) : runs.length === 0 ? (
        isFiltered(chosen) ? (
          <EmptyState
            title={t("noMatch")}
            action={<Button onClick={() => setChosen(null)}>{t("clear")}</Button>}
          >
            {t("noMatchLead")}
          </EmptyState>
        ) : (
          <EmptyState
            title={t("empty")}
            action={
              <ButtonLink tone="primary" href={href("/runbooks")}>
                {t("openRunbooks")}
              </ButtonLink>
            }
          >
            {t("emptyLead")}
          </EmptyState>
        )
      ) : (
        <>
          <HistoryTable team={team} runs={runs} />
          {query.hasNextPage ? (
            <Button
              className="mt-3"
              tone="quiet"
              busy={query.isFetchingNextPage}
              onClick={() => query.fetchNextPage()}
            >
              {t("older")}
            </Button>
          ) : null}
        </>
      )}
    </>
  );
}
