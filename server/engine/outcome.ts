import { type Cost, type Coverage, type KeptFinding, noCounts, type Reason } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import type { Redactor } from "../redact.ts";
import { messageOf } from "./answer.ts";
import type { FindingRecord, Outcome } from "./execution.ts";
import { fingerprint } from "./fingerprint.ts";
import { judgeFacts } from "./judge.ts";
import { needIdentities } from "./need-identity.ts";
import type { QuestionState } from "./question-state.ts";

export type OutcomeOptions = { scope: string; findingsPerResult: number; redactor: Redactor };

/** Judges a question whose needs are all answered and makes what leaves the engine of it: capped and redacted. */
export function outcomeOf(state: QuestionState, cost: Cost, options: OutcomeOptions): Outcome {
  const observedAt = new Date();
  const startedAt = state.startedAt ?? observedAt;
  const took = () => {
    const endedAt = new Date();
    return {
      startedAt,
      endedAt,
      cost: { ...cost, seconds: (endedAt.getTime() - startedAt.getTime()) / 1000 },
    };
  };
  try {
    return { ...judgedOutcome(state, observedAt, options), ...took() };
  } catch (error) {
    const { check, key } = state.question;
    const detail = options.redactor.text(messageOf(error));
    return {
      key,
      verdict: "unknown",
      reason: { code: "internal", what: `record ${check.id}`, detail },
      findings: [],
      measurements: [],
      pictures: [],
      counts: { ...noCounts },
      coverage: [],
      facts: { observedAt: observedAt.toISOString(), needs: {} },
      ...took(),
    };
  }
}

function judgedOutcome(
  state: QuestionState,
  observedAt: Date,
  options: OutcomeOptions,
): Omit<Outcome, "cost" | "startedAt" | "endedAt"> {
  const { check, params, target } = state.question;
  const read = { facts: state.facts(), coverage: state.coverage(), observedAt };
  const judged = recordJudgement({ check, params, targetKey: target.key }, read, options);
  const needs = options.redactor.value(read.facts);
  const facts = { observedAt: observedAt.toISOString(), needs, asked: identitiesOf(check, params) };
  return { key: state.question.key, ...judged, facts };
}

/** A check whose needs cannot be told was judged without any; there is nothing to recognise them by later. */
function identitiesOf(check: Check, params: Record<string, unknown>): Record<string, string> {
  try {
    return needIdentities(check, params);
  } catch {
    return {};
  }
}

export type Recorded = Pick<
  Outcome,
  "verdict" | "reason" | "findings" | "measurements" | "pictures" | "counts" | "coverage"
>;

/** Facts of now or of an earlier run, judged, capped and redacted. */
export function recordJudgement(
  asked: { check: Check; params: Record<string, unknown>; targetKey: string },
  read: { facts: Record<string, unknown>; coverage: Coverage[]; observedAt: Date },
  options: OutcomeOptions,
): Recorded {
  const { check, params, targetKey } = asked;
  const { redactor, scope } = options;
  const judged = judgeFacts(check, params, read.facts, read.observedAt, read.coverage);
  const kept = judged.findings.slice(0, options.findingsPerResult);
  const reason = judged.reason ?? truncation(kept.length, judged.findings.length);
  const record = (finding: KeptFinding): FindingRecord => {
    const { subject, code } = finding;
    const identity = { checkId: check.id, scope, targetKey, subject, code };
    return { ...redactor.value(finding), fingerprint: fingerprint(identity) };
  };
  return {
    verdict: judged.verdict,
    reason: reason && redactor.value(reason),
    findings: kept.map(record),
    measurements: redactor.value(judged.measurements),
    pictures: redactor.value(judged.pictures),
    counts: judged.counts,
    coverage: redactor.value(read.coverage),
  };
}

function truncation(kept: number, found: number): Reason | undefined {
  if (kept === found) return undefined;
  return { code: "truncated", what: "findings", detail: `${kept} of ${found} are kept` };
}
