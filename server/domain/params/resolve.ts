import type { ZodError } from "zod";
import type { IgnoredParam, ParamValues } from "#common/contracts/param.ts";
import type { Check } from "#server/checks/define-check.ts";

/** What was set where; the later wins, name by name: the check's own default < team < cluster < this run. */
export type ParamLayers = { team: ParamValues; cluster: ParamValues; run: ParamValues };

export type ResolvedParams = {
  /** kept values that the check does not accept, and that were left out for it */
  ignored: IgnoredParam[];
} & ({ ok: true; params: Record<string, unknown> } | { ok: false; error: ZodError });

/**
 * The parameters a check runs with. What a new version of the check refuses of the kept values is left out and named;
 * what it refuses of this run's own is an error.
 */
export function resolveParams(check: Check, { team, cluster, run }: ParamLayers): ResolvedParams {
  const kept = { team: accepted(check, team), cluster: accepted(check, cluster) };
  const holding = largestHolding(check, kept);
  const ignored = [
    ...without(team, holding.team).map((name) => ({ from: "team" as const, name })),
    ...without(cluster, holding.cluster).map((name) => ({ from: "cluster" as const, name })),
  ];
  const parsed = check.params.safeParse({ ...holding.team, ...holding.cluster, ...run });
  return parsed.success
    ? { ignored, ok: true, params: parsed.data }
    : { ignored, ok: false, error: parsed.error };
}

/** The names of `values` that the check does not accept, alone or, by a rule over several, together. */
export function refusedNames(check: Check, values: ParamValues): string[] {
  const kept = { team: accepted(check, values), cluster: {} };
  return without(values, largestHolding(check, kept).team);
}

/** What is wrong with some of the parameters; that others are missing is not: they may be set elsewhere. */
export function problemsOf(check: Check, values: ParamValues): ZodError["issues"] {
  const parsed = check.params.safeParse(values);
  if (parsed.success) return [];
  return parsed.error.issues.filter(
    ({ code, path: [name] }) => code !== "invalid_type" || Object.hasOwn(values, String(name)),
  );
}

/** The values each of which its own schema accepts. */
function accepted(check: Check, values: ParamValues): ParamValues {
  const { shape } = check.params;
  const fits = ([name, value]: [string, unknown]) =>
    Object.hasOwn(shape, name) && shape[name]?.safeParse(value).success === true;
  return Object.fromEntries(Object.entries(values).filter(fits));
}

/** All of it, or, where a rule over several parameters is broken, the layers that keep it. */
function largestHolding(check: Check, kept: { team: ParamValues; cluster: ParamValues }): typeof kept {
  const candidates = [kept, { ...kept, cluster: {} }, { ...kept, team: {} }];
  const holds = ({ team, cluster }: typeof kept) => problemsOf(check, { ...team, ...cluster }).length === 0;
  return candidates.find(holds) ?? { team: {}, cluster: {} };
}

function without(values: ParamValues, held: ParamValues): string[] {
  return Object.keys(values).filter((name) => !Object.hasOwn(held, name));
}
