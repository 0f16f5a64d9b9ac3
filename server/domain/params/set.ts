import { type ParamPlace, type ParamValues, paramValuesSchema } from "#common/contracts/param.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { issueFields } from "../parse.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { findPlace, holdKept } from "./find-place.ts";
import { problemsOf, refusedNames } from "./resolve.ts";

const LARGEST_BYTES = 64 * 1024;

type SetParams = {
  ctx: TeamContext;
  input: ParamPlace & { values: ParamValues };
  library?: readonly Check[];
};

/** Keeps values for the team or for a cluster, beside those kept there already. */
export async function setParams({ ctx, input, library: given }: SetParams): Promise<void> {
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const { check, where } = await findPlace(ctx, input, library);
  await ctx.db.$transaction(async (tx) => {
    const row = await holdKept(tx, where);
    const before = paramValuesSchema.parse(row?.params ?? {});
    const stale = refusedNames(check, before);
    const still = Object.entries(before).filter(([name]) => !stale.includes(name));
    const params = checked(check, { ...Object.fromEntries(still), ...input.values });
    const by = {
      updatedBy: ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name,
      updatedAt: ctx.now(),
    };
    if (row) await tx.checkParams.update({ where: { id: row.id }, data: { params, ...by } });
    else await tx.checkParams.create({ data: { ...where, params, ...by } });
    await recordAudit(tx, ctx, {
      action: "params.set",
      subject: { kind: "check", id: check.id, name: check.title.en },
      details: { cluster: input.cluster, ...shown(input.values) },
    });
  });
}

/** Numbers and switches as they are; of a text, which may be anything, only that it was set. */
function shown(values: ParamValues) {
  const isPlain = (value: unknown) => typeof value === "number" || typeof value === "boolean";
  const entries = Object.entries(values);
  return { params: entries.map(([name, value]) => (isPlain(value) ? `${name} = ${value}` : name)) };
}

function checked(check: Check, values: ParamValues): Prisma.InputJsonObject {
  const names = Object.keys(values);
  const unknown = names.filter((name) => !Object.hasOwn(check.params.shape, name));
  const written = JSON.stringify(values);
  const tooLong = Buffer.byteLength(written) > LARGEST_BYTES ? names.slice(0, 1) : [];
  // At the fields of the request: `values.warnPercent`.
  const fields: Record<string, string> = {
    ...Object.fromEntries(tooLong.map((name) => [`values.${name}`, "field-too-long"])),
    ...issueFields(problemsOf(check, values), "values."),
    ...Object.fromEntries(unknown.map((name) => [`values.${name}`, "param-unknown"])),
  };
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
  return JSON.parse(written);
}
