import { z } from "zod";
import {
  accessManifestSchema,
  clusterViewSchema,
  connectClusterSchema,
  kubeconfigContextSchema,
  kubernetesSourceSchema,
  requestBudgetSchema,
  slugSchema,
} from "#common/contracts/cluster.ts";
import { accessManifest } from "#server/domain/clusters/access-manifest.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import { getCluster } from "#server/domain/clusters/get.ts";
import { inspectKubeconfig } from "#server/domain/clusters/inspect-kubeconfig.ts";
import { listClusters } from "#server/domain/clusters/list.ts";
import { removeCluster } from "#server/domain/clusters/remove.ts";
import { replaceCredential } from "#server/domain/clusters/replace-credential.ts";
import { setBudget } from "#server/domain/clusters/set-budget.ts";
import { testConnection } from "#server/domain/clusters/test.ts";
import { updateCluster } from "#server/domain/clusters/update.ts";
import { libraryOf } from "#server/domain/team-runbooks/library-of.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

const named = z.object({ cluster: slugSchema });

export const clusterRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(clusterViewSchema))
    .query(({ ctx }) => listClusters({ ctx: ctx.team })),

  get: teamProcedure("viewer")
    .input(named)
    .output(clusterViewSchema)
    .query(({ ctx, input }) => getCluster({ ctx: ctx.team, input })),

  accessManifest: teamProcedure("viewer")
    .input(z.object({ checks: z.array(z.string().max(200)).max(1_000).optional() }))
    .output(accessManifestSchema)
    .query(async ({ ctx, input }) =>
      accessManifest({ input, library: await libraryOf(ctx.team, ctx.team.team.id) }),
    ),

  /** A mutation only because a query would carry the kubeconfig in its address. */
  inspectKubeconfig: teamProcedure("admin")
    .input(z.object({ text: z.string() }))
    .output(z.array(kubeconfigContextSchema))
    .mutation(({ input }) => inspectKubeconfig({ input })),

  connect: teamProcedure("admin")
    .input(connectClusterSchema)
    .output(z.object({ slug: slugSchema }))
    .mutation(({ ctx, input }) => connectCluster({ ctx: ctx.team, input })),

  replaceCredential: clusterProcedure("admin")
    .input(named.extend({ source: kubernetesSourceSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => replaceCredential({ ctx: ctx.team, input })),

  update: clusterProcedure("admin")
    .input(named.extend(connectClusterSchema.pick({ name: true, production: true }).shape))
    .output(z.void())
    .mutation(({ ctx, input }) => updateCluster({ ctx: ctx.team, input })),

  remove: clusterProcedure("admin")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeCluster({ ctx: ctx.team, input })),

  setBudget: clusterProcedure("admin")
    .input(named.extend({ connectionId: z.uuid(), budget: requestBudgetSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => setBudget({ ctx: ctx.team, input })),

  test: clusterProcedure("operator")
    .input(named.extend({ connectionId: z.uuid() }))
    .output(z.void())
    .mutation(({ ctx, input }) => testConnection({ ctx: ctx.team, input })),
});
