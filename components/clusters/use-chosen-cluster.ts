"use client";
import { useQuery } from "@tanstack/react-query";
import { chooseCluster } from "#common/choose-cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";
import { textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";

const parts = { cluster: textPart() };

/** The cluster that `?cluster=` names, the first one where it names none, and how to choose another. */
export function useChosenCluster() {
  const team = useTeam();
  const clusters = useQuery(trpc.cluster.list.queryOptions({ team }));
  const [{ cluster: slug }, change] = useUrlState(parts, { history: "push", server: true });
  const all = clusters.data ?? [];
  const choose = (cluster: string | null) => change({ cluster });
  return { clusters: all, pending: clusters.isPending, cluster: chooseCluster(all, slug), choose };
}
