import type { DatabaseTransaction } from "#server/db.ts";
import type { TeamContext } from "../context.ts";

/** Seals the one secret of an endpoint in place of whatever was there; undefined leaves it with none. */
export async function storeSecret(
  ctx: TeamContext,
  tx: DatabaseTransaction,
  { connectionId, secret }: { connectionId: string; secret: string | undefined },
): Promise<void> {
  const binding = { teamId: ctx.team.id, connectionId };
  await tx.credential.deleteMany({ where: binding });
  if (secret === undefined) return;
  await tx.credential.create({ data: { ...binding, ...(await ctx.vault.seal(binding, { secret })) } });
}
