import type { z } from "zod";
import type { Picture } from "#common/picture.ts";
import type { Finding, Measurement, Reason, TargetKind } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type Verdict, worstVerdict } from "#common/verdict.ts";
import type { Need, Unread } from "./needs/need.ts";

/**
 * What a judge gets for a need: its value, or, for an optional need that could not be read, the reason.
 * A required need that was not read at all never reaches the judge: the engine says `unknown` (or `skip`).
 */
export type FactOf<N> =
  N extends Need<infer Value, infer Optional> ? (Optional extends true ? Value | Unread : Value) : never;

export type Needs = Record<string, Need<unknown, boolean>>;
export type FactsOf<N extends Needs> = { [K in keyof N]: FactOf<N[K]> };

export type Judgement =
  | { findings: Finding[]; measurements?: Measurement[]; pictures?: Picture[] }
  /** the check does not apply to this target */
  | { skip: Pick<Reason, "what" | "detail"> };

/** Everything a judge may know beside the facts. Recorded with them, so that judging again gives the same. */
export type JudgeContext = { observedAt: Date };

/**
 * A check that changes or loads its target says so, and what with: what it does, how long at most, how much. It never
 * runs among others, and nowhere before a person has agreed to this text for that target.
 */
type Effect = { effect?: undefined; impact?: undefined } | { effect: "active"; impact: Text };

export type CheckDefinition<N extends Needs = Needs, P extends z.ZodObject = z.ZodObject> = Effect & {
  /** its path below server/checks, which begins with the kind of target */
  id: `${TargetKind}/${string}`;
  /** raise it whenever the same facts may be judged differently */
  version: number;
  title: Text;
  /** why it matters, for a person at 3 a.m. */
  why: Text;
  /** what to do in general; findings carry the concrete steps */
  remedy: Text;
  /** every property has a default, except where the check cannot do without; see `param` for labels and units */
  params: P;
  /** data, not calls: what has to be read. A function where it depends on parameters. */
  needs: N | ((params: z.output<P>) => N);
  /** pure: no I/O, no clock, no randomness */
  judge: (facts: FactsOf<N>, params: z.output<P>, context: JudgeContext) => Judgement;
};

/** A check as the engine sees it, whatever its needs and parameters. */
export type Check = {
  id: string;
  target: TargetKind;
  version: number;
  title: Text;
  why: Text;
  remedy: Text;
  effect: "read" | "active";
  /** what an active check does to its target */
  impact?: Text;
  /** it is known but may not be asked, for this reason */
  blocked?: Reason;
  params: z.ZodObject;
  needs: (params: Record<string, unknown>) => Needs;
  judge: (
    facts: Record<string, unknown>,
    params: Record<string, unknown>,
    context: JudgeContext,
  ) => Judgement;
};

export function defineCheck<N extends Needs, P extends z.ZodObject>(
  definition: CheckDefinition<N, P>,
): Check {
  const { needs, judge } = definition;
  return {
    id: definition.id,
    target: definition.id.slice(0, definition.id.indexOf("/")) as TargetKind,
    version: definition.version,
    title: definition.title,
    why: definition.why,
    remedy: definition.remedy,
    effect: definition.effect ?? "read",
    ...(definition.impact ? { impact: definition.impact } : {}),
    params: definition.params,
    // The engine hands in params parsed by `params` and facts gathered for `needs`: the casts restate that once.
    needs: (params) => (typeof needs === "function" ? needs(params as z.output<P>) : needs),
    judge: (facts, params, context) => judge(facts as FactsOf<N>, params as z.output<P>, context),
  };
}

/** What a judgement of fully read facts comes to: the worst finding, `pass` with none, `skip` if the judge said so. */
export function verdictOf(judgement: Judgement): Verdict {
  if ("skip" in judgement) return "skip";
  return worstVerdict(["pass", ...judgement.findings.map((finding) => finding.verdict)]);
}
