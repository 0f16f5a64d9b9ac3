import type { FindingFilter } from "#common/contracts/finding.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";

/** What a finding is now: a mute that ran out is over, whether or not a worker has said so yet. */
export const stateNow = Prisma.sql`
  CASE WHEN s.state = 'muted' AND s."mutedUntil" <= now() THEN 'open'::finding_status ELSE s.state END`;

/** Findings `s` of this team on clusters `c` that are still there, by everything that is chosen but their state. */
export async function filterOf(ctx: TeamContext, filter: FindingFilter): Promise<Prisma.Sql> {
  const wanted = [Prisma.sql`s."teamId" = ${ctx.team.id}::uuid`, Prisma.sql`c."removedAt" IS NULL`];
  if (filter.verdict) wanted.push(Prisma.sql`s.verdict = ${filter.verdict}::verdict`);
  if (filter.cluster) wanted.push(Prisma.sql`c.slug = ${filter.cluster}`);
  if (filter.check) wanted.push(Prisma.sql`s."checkId" = ${filter.check}`);
  if (filter.runbook) {
    const runbook = (await runbooksOf(ctx)).get(filter.runbook);
    wanted.push(Prisma.sql`s."checkId" = ANY(${runbook?.texts.en.meta.checks ?? []})`);
  }
  const text = filter.text?.trim().toLowerCase();
  if (text) wanted.push(Prisma.sql`position(${text} in s.words) > 0`);
  if (filter.mine) {
    const me = "userId" in ctx.actor ? ctx.actor.userId : "";
    wanted.push(Prisma.sql`(s."ackById" = ${me} OR s."muteById" = ${me})`);
  }
  return Prisma.join(wanted, " AND ");
}
