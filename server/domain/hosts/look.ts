import type { z } from "zod";
import type { oneGroupSchema } from "#common/contracts/host.ts";
import type { TeamContext } from "../context.ts";
import { findGroup } from "./find-group.ts";

type Look = { ctx: TeamContext; input: z.output<typeof oneGroupSchema> };

/** Has a worker fetch the keys the hosts show, without logging in; with `login`, also log in where they are known. */
export async function lookAtHosts({ ctx, input }: Look, { login }: { login: boolean }): Promise<void> {
  const { connection, settings } = await findGroup(ctx, input, "operator");
  await ctx.db.$transaction(async (tx) => {
    await tx.connection.update({
      where: { id: connection.id },
      data: { settings: { ...settings, testRequestedAt: ctx.now().toISOString() } },
    });
    const at = { connectionId: connection.id, teamId: ctx.team.id };
    await ctx.queue.enqueue(tx, "look-at-hosts", { ...at, login });
  });
}
