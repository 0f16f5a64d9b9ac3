import type { SigningKeys } from "#common/contracts/bundle.ts";
import type { DomainContext, TeamContext } from "../context.ts";
import { isInstanceOwner } from "../team/instance-owner.ts";

/** The keys that sign or signed bundles, the newest first. They are the whole instance's. */
export async function listSigningKeys({ ctx }: { ctx: TeamContext }): Promise<SigningKeys> {
  const keys = await ctx.db.signingKey.findMany({
    select: { fingerprint: true, createdAt: true, retiredAt: true },
    orderBy: { id: "desc" },
  });
  const mayReplace = ctx.actor.type === "user" && (await isInstanceOwner(ctx, ctx.actor.userId));
  return { keys, mayReplace };
}

/** The public halves for everybody, the one in use first, each under its fingerprint. */
export async function publicKeys({ db }: Pick<DomainContext, "db">): Promise<string> {
  const keys = await db.signingKey.findMany({
    select: { fingerprint: true, publicKey: true },
    orderBy: { id: "desc" },
  });
  return keys.map(({ fingerprint, publicKey }) => `# ${fingerprint}\n${publicKey}`).join("");
}
