"use client";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { trpc } from "#components/api/trpc.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";

/** A session as this page holds it, whether the reader may act in it, and the act of ticking. */
export function useSession(sessionId: string) {
  const team = useTeam();
  const options = trpc.runbookSession.get.queryOptions({ team, sessionId }, { staleTime: Infinity });
  const { state, steps } = useSuspenseQuery(options).data;
  const { can } = useMe([state.cluster.slug]);
  return { team, state, steps, mayAct: can("operator"), isOpen: state.closedAt === null };
}

export function useTick() {
  return useMutation(trpc.runbookSession.tick.mutationOptions());
}
