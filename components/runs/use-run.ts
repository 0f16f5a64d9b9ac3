"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RunUpdate } from "#common/contracts/run.ts";
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
    let left = false;
    let stop = () => {};
    import("./follow-run.ts").then(
      ({ followRun, merge }) => {
        const onUpdate = (update: RunUpdate) => {
          queries.setQueryData(trpc.run.get.queryKey({ team, runId }), (held) => held && merge(held, update));
          if (isLive(update)) return;
          // What is told of past runs elsewhere on the page includes this one now.
          void queries.invalidateQueries({ queryKey: trpc.runbook.pathKey() });
          void queries.invalidateQueries({ queryKey: trpc.overview.pathKey() });
          void queries.invalidateQueries({ queryKey: trpc.disruption.pathKey() });
        };
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
