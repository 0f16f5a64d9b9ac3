import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import {
  addHostGroupSchema,
  confirmHostKeysSchema,
  hostGroupViewSchema,
  oneGroupSchema,
  replaceHostKeySchema,
  sudoersSchema,
  updateHostGroupSchema,
} from "#common/contracts/host.ts";
import { addHostGroup } from "#server/domain/hosts/add.ts";
import { confirmHostKeys } from "#server/domain/hosts/confirm-keys.ts";
import { listHostGroups } from "#server/domain/hosts/list.ts";
import { lookAtHosts } from "#server/domain/hosts/look.ts";
import { removeHostGroup } from "#server/domain/hosts/remove.ts";
import { replaceHostKey } from "#server/domain/hosts/replace-key.ts";
import { sudoersSnippet } from "#server/domain/hosts/sudoers.ts";
import { updateHostGroup } from "#server/domain/hosts/update.ts";
import { clusterProcedure, router, teamProcedure } from "../trpc.ts";

/** Groups of hosts that a cluster reaches over SSH. */
export const hostRouter = router({
  list: teamProcedure("viewer")
    .input(z.object({ cluster: slugSchema }))
    .output(z.array(hostGroupViewSchema))
    .query(({ ctx, input }) => listHostGroups({ ctx: ctx.team, input })),

  add: clusterProcedure("admin")
    .input(addHostGroupSchema)
    .output(z.object({ connectionId: z.uuid() }))
    .mutation(({ ctx, input }) => addHostGroup({ ctx: ctx.team, input })),

  update: clusterProcedure("admin")
    .input(updateHostGroupSchema)
    .output(z.object({ secretDropped: z.boolean() }))
    .mutation(({ ctx, input }) => updateHostGroup({ ctx: ctx.team, input })),

  replaceKey: clusterProcedure("admin")
    .input(replaceHostKeySchema)
    .output(z.void())
    .mutation(({ ctx, input }) => replaceHostKey({ ctx: ctx.team, input })),

  remove: clusterProcedure("admin")
    .input(oneGroupSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => removeHostGroup({ ctx: ctx.team, input })),

  /** Fetches the keys that hosts show, and nothing else. */
  scanKeys: clusterProcedure("operator")
    .input(oneGroupSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => lookAtHosts({ ctx: ctx.team, input }, { login: false })),

  test: clusterProcedure("operator")
    .input(oneGroupSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => lookAtHosts({ ctx: ctx.team, input }, { login: true })),

  confirmKeys: clusterProcedure("admin")
    .input(confirmHostKeysSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => confirmHostKeys({ ctx: ctx.team, input })),

  sudoers: teamProcedure("viewer")
    .input(sudoersSchema)
    .output(z.object({ text: z.string(), commands: z.number() }))
    .query(({ ctx, input }) => sudoersSnippet({ ctx: ctx.team, input })),
});
