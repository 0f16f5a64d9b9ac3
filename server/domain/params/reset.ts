import { type ParamPlace, paramValuesSchema } from "#common/contracts/param.ts";
import type { Check } from "#server/checks/define-check.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { findPlace, holdKept } from "./find-place.ts";

type ResetParams = {
  ctx: TeamContext;
  /** without names: all of them */
  input: ParamPlace & { names?: string[] };
  library?: readonly Check[];
};

/** Forgets kept values, so that what lies below holds again. What is not kept needs no forgetting. */
export async function resetParams({ ctx, input, library: given }: ResetParams): Promise<void> {
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const { check, where } = await findPlace(ctx, input, library);
  await ctx.db.$transaction(async (tx) => {
    const row = await holdKept(tx, where);
    if (!row) return;
    const kept = Object.entries(paramValuesSchema.parse(row.params));
    const rest = kept.filter(([name]) => input.names !== undefined && !input.names.includes(name));
    if (rest.length === 0) await tx.checkParams.delete({ where: { id: row.id } });
    else {
      const params = JSON.parse(JSON.stringify(Object.fromEntries(rest)));
      const updatedBy = ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name;
      const data = { params, updatedBy, updatedAt: ctx.now() };
      await tx.checkParams.update({ where: { id: row.id }, data });
    }
    const still = rest.map(([name]) => name);
    const names = kept.map(([name]) => name).filter((name) => !still.includes(name));
    await recordAudit(tx, ctx, {
      action: "params.reset",
      subject: { kind: "check", id: check.id, name: check.title.en },
      details: { cluster: input.cluster, params: names },
    });
  });
}
