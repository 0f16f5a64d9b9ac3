import type { ChannelDraft } from "#common/contracts/channel.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { neverSpeaks } from "../notifications/quiet-hours.ts";
import { isZone } from "../schedules/cron.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";

/** The row of what a form sent, or `invalid` with each problem at its field. Ids of other teams are not known. */
export async function acceptDraft(ctx: TeamContext, draft: ChannelDraft) {
  const { clusters: slugs, quiet, runbooks, checks } = draft;
  const fields: Record<string, string> = {};
  const found = await ctx.db.cluster.findMany({
    where: { teamId: ctx.team.id, removedAt: null, slug: { in: slugs ?? [] } },
    select: { id: true, slug: true },
  });
  if (slugs?.some((slug) => !found.some((cluster) => cluster.slug === slug))) {
    fields.clusters = "cluster-not-found";
  }
  if (runbooks.length > 0) {
    const known = await runbooksOf(ctx);
    if (runbooks.some((slug) => !known.has(slug))) fields.runbooks = "runbook-not-found";
  }
  if (checks.length > 0) {
    const known = new Set((await libraryOf(ctx, ctx.team.id)).map(({ id }) => id));
    if (checks.some((id) => !known.has(id))) fields.checks = "check-unknown";
  }
  if (quiet && !isZone(quiet.timeZone)) fields["quiet.timeZone"] = "schedule-zone-unknown";
  if (quiet && neverSpeaks(quiet)) fields["quiet.to"] = "channel-always-quiet";
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
  return {
    ...{ name: draft.name, enabled: draft.enabled, locale: draft.locale, minimum: draft.minimum },
    groupWaitSeconds: draft.groupWaitSeconds,
    clusterIds: found.map(({ id }) => id),
    runbooks: [...new Set(runbooks)],
    checks: [...new Set(checks)],
    transitions: [...new Set(draft.transitions)],
    quiet: quiet ?? Prisma.DbNull,
  };
}
