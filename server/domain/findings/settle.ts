import type { z } from "zod";
import type { settleSchema } from "#common/contracts/finding.ts";
import type { TeamContext } from "../context.ts";
import { changeLives, unacknowledged, unmuted } from "./change.ts";

/**
 * A person's word that it is gone, for what no run can say any more: its check was changed or its target taken away.
 * A run that finds it again opens it again.
 */
export function settleFindings({ ctx, input }: { ctx: TeamContext; input: z.output<typeof settleSchema> }) {
  return changeLives(ctx, {
    ids: input.ids,
    where: { state: { not: "resolved" } },
    data: { state: "resolved", resolvedAt: ctx.now(), staleSince: null, ...unacknowledged, ...unmuted },
    action: "finding.settled",
    event: { kind: "resolved", note: input.note },
  });
}
