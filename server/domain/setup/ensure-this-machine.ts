import { recordAudit } from "../audit/record.ts";
import { freeSlug } from "../clusters/free-slug.ts";
import type { DomainContext } from "../context.ts";
import { findFirstTeam } from "./first-team.ts";

/** Registers the machine Weekbook runs on. Once removed by a person it stays removed (null). */
export async function ensureThisMachine({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { hostName: string };
}): Promise<{ slug: string } | null> {
  const { id: teamId } = await findFirstTeam(ctx);
  return ctx.db.$transaction(async (tx) => {
    const known = await tx.connection.findFirst({
      where: { teamId, kind: "local_host" },
      select: { cluster: { select: { slug: true } } },
    });
    if (known) return { slug: known.cluster.slug };
    const removed = await tx.cluster.findFirst({
      where: { teamId, name: thisMachine, removedAt: { not: null } },
      select: { id: true },
    });
    if (removed) return null;
    const cluster = await tx.cluster.create({
      data: { teamId, name: thisMachine, slug: await freeSlug(tx, teamId, thisMachine) },
      select: { id: true, slug: true },
    });
    const connection = await tx.connection.create({
      data: { teamId, clusterId: cluster.id, kind: "local_host", address: input.hostName },
      select: { id: true },
    });
    await ctx.queue.enqueue(tx, "test-connection", { teamId, connectionId: connection.id });
    await recordAudit(
      tx,
      { actor: ctx.actor, team: { id: teamId } },
      {
        action: "cluster.connected",
        subject: { kind: "cluster", id: cluster.id, name: thisMachine },
      },
    );
    return { slug: cluster.slug };
  });
}

const thisMachine = "This machine";
