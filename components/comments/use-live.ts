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
      let first = true;
      const onMessage = () => {
        // The first only says that we are heard; what came before is on the page.
        if (!first) ring();
        first = false;
      };
      let lost = false;
      const onBroken = (broken: boolean) => {
        if (lost && !broken) ring();
        lost = broken;
      };
      if (!left)
        stop = followStream(
          { procedure: "comment.follow", input: { team, ...there }, from: null },
          { onMessage, onBroken },
        );
    });
    return () => {
      left = true;
      stop();
    };
  }, [team, runId, findingId, queries]);
}
