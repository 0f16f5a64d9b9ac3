import type { z } from "zod";
import type { muteSchema } from "#common/contracts/finding.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { actorOf, changeLives } from "./change.ts";

const longestDays = 366;
const dayMs = 24 * 60 * 60 * 1_000;

/** Nobody is woken by it until then. It stays in every list and count, named as muted, and opens again by itself. */
export async function muteFindings({ ctx, input }: { ctx: TeamContext; input: z.output<typeof muteSchema> }) {
  const { until, reason, ids } = input;
  const now = ctx.now();
  const wrong =
    until <= now
      ? "mute-in-the-past"
      : until.getTime() - now.getTime() > longestDays * dayMs
        ? "mute-too-long"
        : null;
  if (wrong) throw new AppError("invalid", "invalid", { fields: { until: wrong } });
  const { id, name } = actorOf(ctx);
  return changeLives(ctx, {
    ids,
    where: { state: { not: "resolved" } },
    data: {
      ...{ state: "muted", muteById: id, muteBy: name, mutedAt: now, muteReason: reason, mutedUntil: until },
    },
    action: "finding.muted",
    event: { kind: "muted", note: reason, until, muted: true },
  });
}
