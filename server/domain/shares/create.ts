import { randomBytes } from "node:crypto";
import type { CreateShare } from "#common/contracts/share.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { clusterNames, findRun } from "../runs/find-run.ts";
import { newShareToken } from "./secret.ts";

const dayMs = 86_400_000;
const mostLive = 500;

/** A link to an ended run, or to two side by side. Its secret is returned once and kept nowhere. */
export async function createShare({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: CreateShare;
}): Promise<{ id: string; token: string }> {
  if (ctx.actor.type !== "user") throw new AppError("forbidden", "share-needs-person");
  const { userId, name } = ctx.actor;
  const run = await findRun(ctx, input.runId);
  const other = input.withRunId === null ? null : await findRun(ctx, input.withRunId);
  const clusterIds = [...run.clusterIds, ...(other?.clusterIds ?? [])];
  await requireOnAll(ctx, [...new Set(clusterIds)], "operator");
  if (run.endedAt === null || other?.endedAt === null) throw new AppError("conflict", "run-not-ended");
  const { token, tokenHash } = newShareToken();
  const now = ctx.now();
  const names = await clusterNames(ctx, run.clusterIds);
  const clusters = run.clusterIds.map((id) => names.get(id)?.name ?? id).join(", ");
  const subject = run.runbook ? `${run.runbook} · ${clusters}` : clusters;
  const id = await ctx.db.$transaction(async (tx) => {
    const live = await tx.shareLink.count({
      where: { teamId: ctx.team.id, revokedAt: null, expiresAt: { gt: now } },
    });
    if (live >= mostLive) throw new AppError("too-many", "share-too-many", { values: { most: mostLive } });
    const share = await tx.shareLink.create({
      data: {
        ...{ teamId: ctx.team.id, runId: input.runId, withRunId: input.withRunId, subject, note: input.note },
        ...{ tokenHash, hideNames: input.hideNames, nameKey: new Uint8Array(randomBytes(32)) },
        ...{ createdById: userId, createdBy: name, createdAt: now },
        expiresAt: new Date(now.getTime() + input.days * dayMs),
      },
    });
    await recordAudit(tx, ctx, {
      action: "share.made",
      subject: { kind: "share", id: share.id, name: subject },
      details: {
        ...{ runId: input.runId, withRunId: input.withRunId, days: input.days },
        ...{ hideNames: input.hideNames, note: input.note },
      },
    });
    return share.id;
  });
  return { id, token };
}
