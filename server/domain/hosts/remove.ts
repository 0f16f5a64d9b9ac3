import type { z } from "zod";
import type { oneGroupSchema } from "#common/contracts/host.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findGroup } from "./find-group.ts";

type RemoveGroup = { ctx: TeamContext; input: z.output<typeof oneGroupSchema> };

/** Forgets a group, its key and the keys of its hosts. Past runs stay. */
export async function removeHostGroup({ ctx, input }: RemoveGroup): Promise<void> {
  const { connection } = await findGroup(ctx, input, "admin");
  await ctx.db.$transaction(async (tx) => {
    await tx.credential.deleteMany({ where: { connectionId: connection.id, teamId: ctx.team.id } });
    await tx.connection.delete({ where: { id: connection.id } });
    await recordAudit(tx, ctx, {
      action: "hosts.removed",
      subject: { kind: "hosts", id: connection.id, name: connection.name },
      details: { cluster: input.cluster },
    });
  });
}
