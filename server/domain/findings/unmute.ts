import type { z } from "zod";
import type { reopenSchema } from "#common/contracts/finding.ts";
import type { TeamContext } from "../context.ts";
import { changeLives, unmuted } from "./change.ts";

/** Ends a mute before its time: it is open again. */
export async function unmuteFindings({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof reopenSchema>;
}) {
  return changeLives(ctx, {
    ids: input.ids,
    where: { state: "muted" },
    data: { state: "open", ...unmuted },
    action: "finding.unmuted",
    event: { kind: "unmuted" },
  });
}
