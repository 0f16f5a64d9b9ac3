import { type Cost, type Finding, noCounts, type Reason } from "#common/result.ts";
import type { Redactor } from "../redact.ts";
import { messageOf } from "./answer.ts";
import type { FindingRecord, Outcome } from "./execution.ts";
import { fingerprint } from "./fingerprint.ts";
import { judgeFacts } from "./judge.ts";
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
  const { check, params, target, key } = state.question;
  const { redactor } = options;
  const facts = state.facts();
  const coverage = state.coverage();
  const judged = judgeFacts(check, params, facts, observedAt, coverage);
  const kept = judged.findings.slice(0, options.findingsPerResult);
  const reason = judged.reason ?? truncation(kept.length, judged.findings.length);
  const record = (finding: Finding): FindingRecord => ({
    ...redactor.value(finding),
    fingerprint: fingerprint({
      checkId: check.id,
      scope: options.scope,
      targetKey: target.key,
      subject: finding.subject,
      code: finding.code,
    }),
  });
  return {
    key,
    verdict: judged.verdict,
    reason: reason && redactor.value(reason),
    findings: kept.map(record),
    measurements: redactor.value(judged.measurements),
    counts: judged.counts,
    coverage: redactor.value(coverage),
    facts: { observedAt: observedAt.toISOString(), needs: redactor.value(facts) },
  };
}

function truncation(kept: number, found: number): Reason | undefined {
  if (kept === found) return undefined;
  return { code: "truncated", what: "findings", detail: `${kept} of ${found} are kept` };
}
