"use client";

import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense } from "react";
import type { RunFilter } from "#common/contracts/run.ts";
import { Button } from "../ui/button.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { ErrorState } from "../ui/states.tsx";
import type { HistoryChoice } from "./use-history-filter.ts";

const NothingFound = lazy(() => import("./nothing-found.tsx"));

export type ListProps = {
  team: string;
  filter: RunFilter;
  filtered: boolean;
  onChange: (next: Partial<HistoryChoice>) => void;
};

type Query = {
  isPending: boolean;
  isError: boolean;
  data: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
};

/** A list that is loading, could not be loaded, is empty, or is there with a way to what is older. */
export function ListStates({
  query,
  count,
  filtered,
  onChange,
  what,
  children,
}: Pick<ListProps, "filtered" | "onChange"> & {
  query: Query;
  count: number;
  what: "runs" | "results";
  children: ReactNode;
}) {
  const t = useTranslations("history");
  if (query.isPending)
    return <SkeletonRows rows={8} label={t(what === "runs" ? "loading" : "loadingResults")} />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title={t("failed")}
        action={<Button onClick={() => query.refetch()}>{t("retry")}</Button>}
      />
    );
  }
  if (count === 0)
    return (
      <Suspense fallback={<div className="h-40" />}>
        <NothingFound {...{ filtered, onChange, what }} />
      </Suspense>
    );
  return (
    <>
      <p role="status" className="sr-only">
        {t("shown", { count })}
      </p>
      {children}
      {query.isFetchNextPageError ? (
        <p role="alert" className="mt-3 text-fail">
          {t("failed")}
        </p>
      ) : null}
      {query.hasNextPage ? (
        <Button
          className="mt-3"
          tone="quiet"
          busy={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          {t(what === "runs" ? "older" : "olderResults")}
        </Button>
      ) : null}
    </>
  );
}
