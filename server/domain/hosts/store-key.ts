import type { DatabaseTransaction } from "#server/db.ts";
import type { TeamContext } from "../context.ts";

/** Seals a group's keys in place of whatever was there. */
export async function storeKey(
  ctx: TeamContext,
  tx: DatabaseTransaction,
  { connectionId, fields }: { connectionId: string; fields: Record<string, string> },
): Promise<void> {
  const binding = { teamId: ctx.team.id, connectionId };
  await tx.credential.deleteMany({ where: binding });
  await tx.credential.create({ data: { ...binding, ...(await ctx.vault.seal(binding, fields)) } });
}
