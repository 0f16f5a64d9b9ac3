"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { CommentPlace } from "#common/contracts/comment.ts";
import { trpc } from "#components/api/trpc.ts";

/** Asks again for findings, comments and the inbox whenever any of them may have changed, here or elsewhere. */
export function useLive(team: string, place?: CommentPlace): void {
  const queries = useQueryClient();
  const { runId, findingId } = place ?? {};
  // Outside system: the stream that rings with every change.
  useEffect(() => {
    let left = false;
    let stop = () => {};
    const ring = () => {
      for (const noun of [trpc.finding, trpc.comment, trpc.inbox])
        void queries.invalidateQueries({ queryKey: noun.pathKey() });
    };
    const there = runId || findingId ? { place: { runId, findingId } } : {};
    void import("../api/follow-stream.ts").then(({ followStream }) => {
      // Also when it begins: what the page shows may be older than that.
      const listener = { onMessage: ring, onBroken: () => {} };
      const stream = { procedure: "comment.follow", input: { team, ...there }, from: null };
      if (!left) stop = followStream(stream, listener);
    });
    return () => {
      left = true;
      stop();
    };
  }, [team, runId, findingId, queries]);
}
