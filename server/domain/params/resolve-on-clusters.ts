import type { ZodError } from "zod";
import type { ParamValues } from "#common/contracts/param.ts";
import type { RunSelection } from "#common/contracts/run.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { KeptOf } from "./read-kept.ts";
import { resolveParams } from "./resolve.ts";

type Chosen = RunSelection[number];
type Held = Pick<Chosen, "params" | "ignored">;

/** The parameters on the first cluster, and `on` every other where they come to something else. */
export function resolveOnClusters(
  check: Check,
  run: ParamValues,
  { clusterIds, keptOf }: { clusterIds: readonly string[]; keptOf: KeptOf },
): Pick<Chosen, "params" | "ignored" | "on"> | { error: ZodError } {
  const held = new Map<string, Held>();
  for (const clusterId of clusterIds) {
    const resolved = resolveParams(check, { ...keptOf(check.id, clusterId), run });
    if (!resolved.ok) return { error: resolved.error };
    const { params, ignored } = resolved;
    held.set(clusterId, ignored.length > 0 ? { params, ignored } : { params });
  }
  const [first = { params: {} }, ...others] = held.values();
  const same = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return same ? first : { ...first, on: Object.fromEntries(held) };
}

/** What of a run's selection holds on one of its clusters. */
export function selectionOn(selection: RunSelection, clusterId: string): RunSelection {
  return selection.map(({ on, ...chosen }) => {
    const own = on?.[clusterId];
    if (!own) return chosen;
    const { ignored: _, ...rest } = chosen;
    return { ...rest, ...own };
  });
}
