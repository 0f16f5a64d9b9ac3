import type { z } from "zod";
import type { acknowledgeSchema } from "#common/contracts/finding.ts";
import type { TeamContext } from "../context.ts";
import { actorOf, changeLives, unmuted } from "./change.ts";

/** Somebody has seen it and says why it may stand. It is open again when it comes back after it was resolved. */
export function acknowledgeFindings({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof acknowledgeSchema>;
}) {
  const { id, name } = actorOf(ctx);
  return changeLives(ctx, {
    ids: input.ids,
    where: { state: { not: "resolved" } },
    data: {
      ...{ state: "acknowledged", ackById: id, ackBy: name, ackAt: ctx.now(), ackNote: input.note },
      ...unmuted,
    },
    action: "finding.acknowledged",
    event: { kind: "acknowledged", note: input.note },
  });
}
