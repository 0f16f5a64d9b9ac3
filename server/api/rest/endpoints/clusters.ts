import { z } from "zod";
import { clusterViewSchema } from "#common/contracts/cluster.ts";
import { getCluster } from "#server/domain/clusters/get.ts";
import { listClusters } from "#server/domain/clusters/list.ts";
import { endpoint } from "../endpoint.ts";
import { clusterSlug, listOf } from "./paging.ts";

export const clusterEndpoints = [
  endpoint({
    method: "GET",
    path: "/clusters",
    id: "listClusters",
    tag: "Clusters",
    summary: "The team's clusters with their connections; never a credential",
    scope: "read",
    answer: { name: "ClusterList", schema: listOf(clusterViewSchema) },
    handle: async ({ ctx }) => ({ items: await listClusters({ ctx }) }),
  }),
  endpoint({
    method: "GET",
    path: "/clusters/{cluster}",
    id: "getCluster",
    tag: "Clusters",
    summary: "A cluster by its slug",
    scope: "read",
    params: z.object({ cluster: clusterSlug }),
    answer: { name: "Cluster", schema: clusterViewSchema },
    handle: ({ ctx, params }) => getCluster({ ctx, input: params }),
  }),
];
