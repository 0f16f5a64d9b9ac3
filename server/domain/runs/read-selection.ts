import type { z } from "zod";
import type { RunSelection, startRunSchema } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { describeCheck } from "../checks/describe.ts";
import { fieldsOf } from "../parse.ts";

type Asked = Pick<z.output<typeof startRunSchema>, "checks" | "confirmActive">;

/** The checks that were asked for with their parameters parsed by each check's own schema. */
export function readSelection(asked: Asked, library: readonly Check[]): Prisma.InputJsonArray {
  const fields: Record<string, string> = {};
  const selection: RunSelection = [];
  const seen = new Set<string>();
  for (const [index, { id, params, document }] of asked.checks.entries()) {
    const check = library.find((each) => each.id === id);
    if (!check || seen.has(id)) {
      fields[`checks.${index}.id`] = check ? "check-twice" : "check-unknown";
      continue;
    }
    seen.add(id);
    if (check.effect === "active" && !asked.confirmActive.includes(id)) {
      fields[`checks.${index}.id`] = "check-needs-confirmation";
    }
    const parsed = check.params.safeParse(params);
    if (!parsed.success) Object.assign(fields, fieldsOf(parsed.error, `checks.${index}.params.`));
    else selection.push({ id, params: parsed.data, ...documentOf(check, document) });
  }
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "run-refused", { fields });
  // As it will come back from the database, so that two requests can be compared.
  return JSON.parse(JSON.stringify(selection));
}

function documentOf(check: Check, document: string | undefined) {
  return document !== undefined && describeCheck(check).takesDocument ? { document } : {};
}
