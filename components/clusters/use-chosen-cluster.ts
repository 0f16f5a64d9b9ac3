"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { chooseCluster } from "#common/choose-cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useTeam } from "#components/team/use-team.ts";

/** The cluster that `?cluster=` names, the first one where it names none, and how to choose another. */
export function useChosenCluster() {
  const team = useTeam();
  const clusters = useQuery(trpc.cluster.list.queryOptions({ team }));
  const [slug, choose] = useQueryState(
    "cluster",
    parseAsString.withOptions({ shallow: false, history: "push" }),
  );
  const all = clusters.data ?? [];
  return { clusters: all, pending: clusters.isPending, cluster: chooseCluster(all, slug), choose };
}
