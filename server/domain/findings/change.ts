import type { AuditAction } from "#common/contracts/audit.ts";
import { subjectSchema } from "#common/result.ts";
import type { FindingState, Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { notifyFindings } from "./notify.ts";

type Change = {
  ids: readonly string[];
  /** what of them it concerns; the others stay as they are */
  where: Prisma.FindingStateWhereInput;
  data: Prisma.FindingStateUncheckedUpdateManyInput;
  event: Pick<Prisma.FindingEventUncheckedCreateInput, "kind" | "note" | "until" | "muted">;
  action: AuditAction;
};

export const unmuted = {
  ...{ muteById: null, muteBy: null, mutedAt: null, muteReason: null, mutedUntil: null },
} as const;
export const unacknowledged = { ackById: null, ackBy: null, ackAt: null, ackNote: null } as const;

/** Whoever a key acts for did it, by the name of the key. */
export function actorOf(ctx: TeamContext): { id: string | null; name: string } {
  if (ctx.actor.type === "nobody") return { id: null, name: "nobody" };
  return { id: "userId" in ctx.actor ? ctx.actor.userId : null, name: ctx.actor.name };
}

/**
 * What a person does to findings, all or none: refused unless all are this team's and the actor is an operator on each
 * of their clusters. Returns how many changed; those that are so already make no event.
 */
export async function changeLives(ctx: TeamContext, change: Change): Promise<{ changed: number }> {
  const ids = [...new Set(change.ids)];
  const found = await ctx.db.findingState.findMany({
    where: { id: { in: ids }, teamId: ctx.team.id },
    select: { id: true, clusterId: true },
  });
  if (found.length < ids.length) throw new AppError("not-found", "finding-not-found");
  await requireOnAll(ctx, [...new Set(found.map(({ clusterId }) => clusterId))], "operator");
  return ctx.db.$transaction(async (tx) => {
    // In the order in which a worker takes them.
    await tx.$executeRaw`
      SELECT FROM finding_state WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`;
    const where = { AND: [{ id: { in: ids }, teamId: ctx.team.id }, change.where] };
    const before = await tx.findingState.findMany({ where });
    if (before.length === 0) return { changed: 0 };
    await tx.findingState.updateMany({
      where: { id: { in: before.map(({ id }) => id) } },
      data: change.data,
    });
    const { id: actorId, name: actor } = actorOf(ctx);
    await tx.findingEvent.createMany({
      data: before.map(({ id: findingId, clusterId, fingerprint, verdict }) => ({
        ...{ teamId: ctx.team.id, clusterId, findingId, fingerprint, verdict, actorId, actor },
        ...change.event,
      })),
    });
    await notifyFindings(tx, ctx.team.id);
    const { note, until } = change.event;
    const [first] = before;
    await recordAudit(tx, ctx, {
      action: change.action,
      subject: { kind: "finding", id: first?.id ?? "", name: first ? nameOf(first) : "" },
      details: {
        ...(note ? { note } : {}),
        ...(until instanceof Date ? { until: until.toISOString() } : {}),
        ...(before.length > 1 ? { findings: before.map(({ id }) => id) } : {}),
      },
    });
    return { changed: before.length };
  });
}

function nameOf({ checkId, subject }: FindingState): string {
  const { kind, namespace, name } = subjectSchema.parse(subject);
  return `${checkId}: ${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}
