import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { slugOf } from "../clusters/free-slug.ts";
import type { DomainContext } from "../context.ts";
import { me } from "../profile/me.ts";
import { isInstanceOwner } from "./instance-owner.ts";

/** Another team on this instance, which sees nothing of the others. Whoever makes it is its first owner. */
export async function createTeam({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { name: string };
}): Promise<{ team: string }> {
  const { userId } = me(ctx);
  if (!(await isInstanceOwner(ctx, userId))) throw new AppError("forbidden", "needs-instance-owner");
  return ctx.db.$transaction(async (tx) => {
    // One at a time: two of the same name at once get two addresses.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('weekbook new team'))`;
    const stem = slugOf(input.name, "team");
    const taken = await tx.team.findMany({ where: { slug: { startsWith: stem } }, select: { slug: true } });
    let slug = stem;
    for (let number = 2; taken.some((one) => one.slug === slug) || reserved.has(slug); number++) {
      slug = `${stem}-${number}`;
    }
    const team = await tx.team.create({
      data: { slug, name: input.name, memberships: { create: { userId, role: "owner" } } },
    });
    await recordAudit(
      tx,
      { actor: ctx.actor, team },
      {
        action: "team.created",
        subject: { kind: "team", id: team.id, name: team.name },
      },
    );
    return { team: slug };
  });
}

/** First words of addresses that are not teams. */
const reserved = new Set(["api", "join", "livez", "readyz", "reset", "sign-in", "two-factor"]);
