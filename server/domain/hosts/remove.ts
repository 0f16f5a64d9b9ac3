import type { z } from "zod";
import type { oneGroupSchema } from "#common/contracts/host.ts";
import type { TeamContext } from "../context.ts";
import { findGroup } from "./find-group.ts";

type RemoveGroup = { ctx: TeamContext; input: z.output<typeof oneGroupSchema> };

/** Forgets a group, its key and the keys of its hosts. Past runs stay. */
export async function removeHostGroup({ ctx, input }: RemoveGroup): Promise<void> {
  const { connection } = await findGroup(ctx, input, "admin");
  await ctx.db.$transaction([
    ctx.db.credential.deleteMany({ where: { connectionId: connection.id, teamId: ctx.team.id } }),
    ctx.db.connection.delete({ where: { id: connection.id } }),
  ]);
}
