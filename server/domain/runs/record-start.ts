import type { z } from "zod";
import type { startRunSchema } from "#common/contracts/run.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";

type Started = { runId: string; input: z.output<typeof startRunSchema> };

/** Who ran what on which clusters, and each active check that somebody agreed to, with the targets it was for. */
export async function recordStart(
  tx: DatabaseTransaction,
  ctx: TeamContext,
  { runId, input }: Started,
): Promise<void> {
  const checks = input.checks.map(({ id }) => id);
  const { runbook, clusters, confirmActive } = input;
  for (const check of checks) {
    const targets = confirmActive.filter((each) => each.check === check);
    if (targets.length === 0) continue;
    await recordAudit(tx, ctx, {
      action: "run.activeConfirmed",
      subject: { kind: "check", id: check, name: check },
      details: { run: runId, targets: targets.map(({ cluster, target }) => `${cluster} ${target}`) },
    });
  }
  await recordAudit(tx, ctx, {
    action: "run.started",
    subject: { kind: "run", id: runId, name: runbook ?? checks[0] ?? "" },
    details: { clusters, checks },
  });
}
