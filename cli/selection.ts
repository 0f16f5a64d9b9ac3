import type { RunSelection } from "#common/contracts/run.ts";
import type { Check } from "#server/checks/define-check.ts";
import { describeCheck } from "#server/domain/checks/describe.ts";
import { paramFields } from "#server/domain/checks/param-fields.ts";
import { problemsOf } from "#server/domain/params/resolve.ts";
import { UsageError } from "./sentence-errors.ts";

export type Selected = { runbook: string | null; checks: readonly Check[] };
export type RunbookChecks = { slug: string; checks: readonly string[] };

/** What the one argument of `weekbook run` names. What changes or loads its target runs alone, and named twice. */
export function selectChecks(
  what: string,
  library: readonly Check[],
  options: { runbooks: () => Promise<readonly RunbookChecks[]>; confirmed: readonly Confirmed[] },
): Promise<Selected> {
  const check = library.find((each) => each.id === what);
  const agreed = options.confirmed.some((each) => each.check === what);
  const stray = options.confirmed.find((each) => each.check !== check?.id || check.effect !== "active");
  if (stray) {
    throw new UsageError(
      `--confirm-active ${stray.check}: it belongs to "weekbook run ${stray.check}"; active checks run one by one.`,
    );
  }
  if (check?.effect === "active" && !agreed) {
    const impact = check.impact ? ` ${check.impact.en}` : "";
    throw new UsageError(
      `The check ${what} changes or loads its target.${impact} To run it, say --confirm-active ${what}.`,
    );
  }
  if (check) return Promise.resolve({ runbook: null, checks: [check] });
  const allowed = library.filter((each) => each.effect === "read");
  if (what === "all") return Promise.resolve({ runbook: null, checks: allowed });
  return selectRunbook(what, allowed, options.runbooks);
}

/** `--confirm-active <check>[@<target>]`, as it was typed. */
export type Confirmed = { check: string; target: string | undefined };

export function readConfirmed(text: string): Confirmed {
  const at = text.indexOf("@");
  if (at < 0) return { check: text, target: undefined };
  return { check: text.slice(0, at), target: text.slice(at + 1) };
}

/** The target that was agreed to: a cluster has one API, but perhaps many hosts. */
export function confirmedTarget(check: Check, { target }: Confirmed, isHere: boolean): string {
  if (target !== undefined && target !== "") return target;
  if (check.target === "host") {
    if (isHere) return "this-machine";
    throw new UsageError(`Name the host as well: --confirm-active ${check.id}@HOST.`);
  }
  return check.target;
}

async function selectRunbook(
  what: string,
  allowed: readonly Check[],
  read: () => Promise<readonly RunbookChecks[]>,
): Promise<Selected> {
  const runbook = (await read()).find((each) => each.slug === what);
  if (!runbook) {
    throw new UsageError(
      `There is no runbook or check "${what}": see "weekbook runbooks" and "weekbook checks".`,
    );
  }
  const checks = allowed.filter((check) => runbook.checks.includes(check.id));
  if (checks.length === 0) throw new UsageError(`The runbook ${what} has no check to run.`);
  return { runbook: runbook.slug, checks };
}

type Given = {
  params: readonly string[];
  document: string | undefined;
  /** what is not given is left to what the team and the cluster keep */
  kept?: boolean;
};

/** The checks with their parameters and document. Each `key=value` must be of use to a check. */
export function toSelection(checks: readonly Check[], given: Given): RunSelection {
  const pairs = given.params.map(readPair);
  const known = new Set(checks.flatMap((check) => paramFields(check.params).map((field) => field.name)));
  for (const [key] of pairs) if (!known.has(key)) throw new UsageError(unknownParam(key, known));
  const takers = checks.filter((check) => describeCheck(check).takesDocument);
  if (given.document !== undefined && takers.length === 0) {
    throw new UsageError("--document: none of the chosen checks takes a document.");
  }
  return checks.map((check) => ({
    id: check.id,
    params: readParams(check, pairs, given.kept === true),
    ...(takers.includes(check) && given.document !== undefined ? { document: given.document } : {}),
  }));
}

export function readPair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--param ${text}: write it as key=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

export function unknownParam(key: string, known: ReadonlySet<string>): string {
  const list = [...known].sort().join(", ");
  const has = known.size > 0 ? `they have ${list}` : "they have none";
  return `--param ${key}: none of the chosen checks has such a parameter; ${has}.`;
}

function readParams(
  check: Check,
  pairs: readonly [string, string][],
  kept: boolean,
): Record<string, unknown> {
  const params = paramOf(pairs, paramFields(check.params));
  const parsed = check.params.safeParse(params);
  if (parsed.success) return kept ? params : parsed.data;
  const [issue] = kept ? problemsOf(check, params) : parsed.error.issues;
  if (!issue) return params;
  throw new UsageError(`--param ${issue.path.join(".")} of ${check.id}: ${issue.message}.`);
}

/** Those of the pairs that a check has, as its fields read them. */
export function paramOf(
  pairs: readonly [string, string][],
  fields: readonly { name: string; type: string }[],
): Record<string, unknown> {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const own = pairs.filter(([name]) => types.has(name));
  return Object.fromEntries(own.map(([name, text]) => [name, readValue(text, types.get(name) ?? "string")]));
}

/** What is no number stays text, so that the check's own schema says what it wants instead. */
function readValue(text: string, type: string): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((type === "integer" || type === "number") && text.trim() !== "" && !Number.isNaN(Number(text))) {
    return Number(text);
  }
  return text;
}
