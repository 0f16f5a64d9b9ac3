"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ResultGroup, ResultView, RunUpdate, RunView } from "#common/contracts/run.ts";
import { mostResultsAtOnce } from "#common/most-results.ts";
import { trpc } from "../api/trpc.ts";
import { isLive } from "./is-live.ts";

/**
 * A run and its results, kept up to date. The stream begins at the newest change this page already holds, so a
 * reload or a lost connection neither loses nor repeats anything.
 */
export function useRun(team: string, runId: string | null) {
  const queries = useQueryClient();
  const [since, setSince] = useState<{ runId: string; seq: number } | null>(null);
  const [broken, setBroken] = useState(false);
  const input = { team, runId: runId ?? "" };
  const query = useQuery(trpc.run.get.queryOptions(input, { enabled: runId !== null, staleTime: 10_000 }));
  const run = runId === null ? undefined : query.data;

  // The position is fixed once per run: a changing input would open a new stream with every message.
  if (run && isLive(run) && since?.runId !== run.id) setSince({ runId: run.id, seq: run.seq });

  const following = run !== undefined && isLive(run) && since?.runId === run.id;
  const seq = since?.seq ?? 0;
  // Outside system: the stream of the run's changes.
  useEffect(() => {
    if (!following || runId === null) return;
    const onUpdate = (update: RunUpdate) => {
      queries.setQueryData(trpc.run.get.queryKey({ team, runId }), (held) => held && merge(held, update));
      if (isLive(update)) return;
      // What is told of past runs elsewhere on the page includes this one now.
      void queries.invalidateQueries({ queryKey: trpc.runbook.pathKey() });
      void queries.invalidateQueries({ queryKey: trpc.overview.pathKey() });
    };
    let left = false;
    let stop = () => {};
    import("./follow-run.ts").then(
      ({ followRun }) => {
        if (!left) stop = followRun({ team, runId, seq }, { onBroken: setBroken, onUpdate });
      },
      () => setBroken(!left),
    );
    return () => {
      left = true;
      stop();
      setBroken(false);
    };
  }, [following, team, runId, seq, queries]);
  return {
    run,
    error: query.error,
    retry: query.refetch,
    /** the stream broke and is being opened again; what is shown may be old */
    reconnecting: following && broken,
  };
}

/** Applies what changed; results keep their place, so nothing moves while it streams. */
export function merge(held: RunView, update: RunUpdate): RunView {
  if (update.seq < held.seq) return held;
  const { changed, groups, ...state } = update;
  if (state.total > mostResultsAtOnce) {
    return { ...held, ...state, results: [], groups: mergeGroups(held.groups, groups) };
  }
  if (changed.length === 0) return { ...held, ...state };
  const byId = new Map<string, ResultView>(held.results.map((result) => [result.id, result]));
  for (const result of changed) byId.set(result.id, result);
  const results = [...byId.values()].sort((a, b) => a.part - b.part || a.ordinal - b.ordinal);
  return { ...held, ...state, results };
}

function mergeGroups(held: ResultGroup[], changed: ResultGroup[]): ResultGroup[] {
  const byKey = new Map(held.map((group) => [`${group.cluster} ${group.checkId}`, group]));
  for (const group of changed) byKey.set(`${group.cluster} ${group.checkId}`, group);
  return [...byKey.values()];
}
