"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { trpc } from "../api/trpc.ts";
import { HistoryTable } from "./history-table.tsx";
import { type ListProps, ListStates } from "./list-states.tsx";
import { perPage } from "./use-history-filter.ts";

const CompareBar = lazy(() => import("./compare-bar.tsx"));

/** Runs, of which any two can be chosen to be compared; the choice outlives a change of the filters. */
export function RunList({ team, filter, ...rest }: ListProps) {
  const query = useInfiniteQuery(
    trpc.run.list.infiniteQueryOptions(
      { team, filter, limit: perPage },
      { getNextPageParam: (page) => page.next, refetchInterval: 15_000 },
    ),
  );
  const [picked, setPicked] = useState<string[]>([]);
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  // A third choice takes the place of the first.
  const toggle = (id: string) =>
    setPicked((before) =>
      before.includes(id) ? before.filter((one) => one !== id) : [...before.slice(-1), id],
    );
  return (
    <>
      <ListStates {...rest} what="runs" query={query} count={runs.length}>
        <HistoryTable team={team} runs={runs} picked={picked} onPick={toggle} />
      </ListStates>
      <Suspense>
        <CompareBar team={team} picked={picked} onClear={() => setPicked([])} />
      </Suspense>
    </>
  );
}
