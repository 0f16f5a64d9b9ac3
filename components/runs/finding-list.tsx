"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { Verdict } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { ErrorState } from "../ui/states.tsx";
import { FindingItem } from "./finding-item.tsx";

const perPage = 25;

/** The findings of one result, worst first, a page at a time. */
export function FindingList({
  team,
  runId,
  resultId,
  verdict,
  level,
}: {
  team: string;
  runId: string;
  resultId: string;
  verdict?: Exclude<Verdict, "skip">;
  level?: 2 | 3 | 4;
}) {
  const t = useTranslations("runs");
  const query = useInfiniteQuery(
    trpc.run.findings.infiniteQueryOptions(
      { team, runId, resultId, verdict, limit: perPage },
      { getNextPageParam: (page) => page.next, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  if (query.isPending) return <SkeletonRows rows={2} label={t("loadingFindings")} />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title={t("findingsFailed")}
        action={<Button onClick={() => query.refetch()}>{t("retry")}</Button>}
      />
    );
  }
  return (
    <>
      <div className="divide-y divide-line">
        {query.data.pages.flatMap((page) =>
          page.items.map((finding) => (
            <FindingItem
              key={finding.id}
              finding={finding}
              level={level}
              href={`/${team}/runs/${runId}/findings/${finding.id}`}
            />
          )),
        )}
      </div>
      {query.hasNextPage ? (
        <Button
          size="small"
          tone="quiet"
          busy={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {t("moreFindings")}
        </Button>
      ) : null}
    </>
  );
}
