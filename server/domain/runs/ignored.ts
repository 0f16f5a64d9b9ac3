import { z } from "zod";
import type { RunView } from "#common/contracts/run.ts";
import { runSelectionSchema } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";

const { ignored, on } = runSelectionSchema.element.shape;
const rowsSchema = z.array(z.object({ checkId: z.string(), ignored: ignored.nullable(), on: on.nullable() }));

/** The kept parameters a run left out, on whichever of its clusters, without the rest of its selection. */
export async function ignoredOf(ctx: TeamContext, runId: string): Promise<RunView["ignored"]> {
  const rows = rowsSchema.parse(
    await ctx.db.$queryRaw`
      SELECT chosen->>'id' AS "checkId", chosen->'ignored' AS "ignored", chosen->'on' AS "on"
      FROM run, jsonb_array_elements(selection) chosen
      WHERE run.id = ${runId}::uuid AND run."teamId" = ${ctx.team.id}::uuid
        AND (chosen ? 'ignored' OR chosen ? 'on')`,
  );
  const all = rows.flatMap((row) =>
    [row, ...Object.values(row.on ?? {})].flatMap((held) =>
      (held.ignored ?? []).map((param) => ({ checkId: row.checkId, ...param })),
    ),
  );
  const byWhat = new Map(all.map((each) => [`${each.checkId} ${each.from} ${each.name}`, each]));
  return [...byWhat.values()];
}
