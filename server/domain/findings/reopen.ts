import type { z } from "zod";
import type { reopenSchema } from "#common/contracts/finding.ts";
import type { TeamContext } from "../context.ts";
import { changeLives, unacknowledged, unmuted } from "./change.ts";

/** Takes back what somebody said of it: it is open as if nobody had looked. */
export function reopenFindings({ ctx, input }: { ctx: TeamContext; input: z.output<typeof reopenSchema> }) {
  return changeLives(ctx, {
    ids: input.ids,
    where: { state: { in: ["acknowledged", "resolved"] } },
    data: { state: "open", openedAt: ctx.now(), resolvedAt: null, ...unacknowledged, ...unmuted },
    action: "finding.reopened",
    event: { kind: "reopened" },
  });
}
