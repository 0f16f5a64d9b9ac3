import type { z } from "zod";
import type { RunSelection, startRunSchema } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { describeCheck } from "../checks/describe.ts";
import type { KeptOf } from "../params/read-kept.ts";
import { resolveOnClusters } from "../params/resolve-on-clusters.ts";
import { fieldsOf } from "../parse.ts";

type Asked = Pick<z.output<typeof startRunSchema>, "checks" | "confirmActive">;

/** The checks that were asked for, with the parameters that hold on each of the clusters. */
export function readSelection(
  asked: Asked,
  library: readonly Check[],
  on: { clusterIds: readonly string[]; keptOf: KeptOf; clusterIdOf: ReadonlyMap<string, string> },
): Prisma.InputJsonArray {
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
    if (check.blocked) {
      fields[`checks.${index}.id`] = "check-not-approved";
      continue;
    }
    const confirmed = confirmedOf(check, asked, on.clusterIdOf);
    if (check.effect === "active" && confirmed.length === 0) {
      fields[`checks.${index}.id`] = "check-needs-confirmation";
    }
    const resolved = resolveOnClusters(check, params, on);
    if ("error" in resolved) Object.assign(fields, fieldsOf(resolved.error, `checks.${index}.params.`));
    else selection.push({ id, ...resolved, ...documentOf(check, document), ...only(check, confirmed) });
  }
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "run-refused", { fields });
  // As it will come back from the database, so that two requests can be compared.
  return JSON.parse(JSON.stringify(selection));
}

/** Where an active check may do what it does: only what was agreed to, and only on the clusters that were chosen. */
function confirmedOf(
  check: Check,
  { confirmActive }: Asked,
  clusterIdOf: ReadonlyMap<string, string>,
): { cluster: string; target: string }[] {
  return confirmActive.flatMap(({ check: id, cluster: slug, target }) => {
    const cluster = clusterIdOf.get(slug);
    return id === check.id && cluster !== undefined ? [{ cluster, target }] : [];
  });
}

function only({ effect }: Check, confirmed: { cluster: string; target: string }[]) {
  return effect === "active" ? { confirmed } : {};
}

function documentOf(check: Check, document: string | undefined) {
  return document !== undefined && describeCheck(check).takesDocument ? { document } : {};
}
