import { z } from "zod";
import type { Coverage, Reason } from "#common/result.ts";
import type { Check } from "../checks/define-check.ts";
import type { NeedRequest } from "../checks/needs/need.ts";
import { needIdentities } from "./need-identity.ts";
import { needWords } from "./need-words.ts";
import { type OutcomeOptions, type Recorded, recordJudgement } from "./outcome.ts";

export const storedFactsSchema = z.object({
  observedAt: z.iso.datetime().transform((text) => new Date(text)),
  needs: z.record(z.string(), z.unknown()),
  /** need name → what it read, as need-identity.ts tells; facts of earlier versions of the engine have none */
  asked: z.record(z.string(), z.string()).optional(),
});

/** What a result left behind: its facts, and how it came by them. */
export type Stored = z.output<typeof storedFactsSchema> & {
  checkVersion: number;
  params: Record<string, unknown>;
  coverage: Coverage[];
};

type Asked = { check: Check; params: Record<string, unknown>; targetKey: string };

/**
 * Judges stored facts with other parameters or a newer version of the check, by the same code that judged them first.
 * What the check would now read otherwise was not read: it is unknown, whatever the rest says.
 */
export function judgeAgain(asked: Asked, stored: Stored, options: OutcomeOptions): Recorded {
  return recordJudgement(asked, { ...recordedFor(asked, stored), observedAt: stored.observedAt }, options);
}

function recordedFor({ check, params }: Asked, stored: Stored) {
  const facts: Record<string, unknown> = {};
  const coverage: Coverage[] = [];
  const likeness = likenessOf(check, params, stored);
  const left = [...stored.coverage];
  for (const [name, need] of Object.entries(needsOf(check, params))) {
    const words = needWords(need);
    const place = left.findIndex((each) => each.what === words.what && each.unit === words.unit);
    const before = place < 0 ? undefined : left.splice(place, 1)[0];
    const like = Object.hasOwn(stored.needs, name) && before !== undefined ? likeness(name) : "other";
    const optional = need.optional ? { optional: true } : {};
    // A judge is told of an optional need only whether it was read: what is unsure of it was not.
    if (like === "other" || (like === "unsure" && need.optional) || before === undefined) {
      const reason = notRecorded(words.what);
      facts[name] = { unread: reason };
      coverage.push({ ...words, read: 0, missing: [reason], ...optional });
      continue;
    }
    facts[name] = stored.needs[name];
    // Not sure of what was kept of it, a failure stands and a pass is not earned.
    const doubt = like === "unsure" ? [notRecorded(words.what)] : [];
    coverage.push({ ...words, read: before.read, missing: [...before.missing, ...doubt], ...optional });
  }
  return { facts, coverage };
}

function needsOf(check: Check, params: Record<string, unknown>) {
  try {
    return check.needs(params) as Record<string, NeedRequest & { optional: boolean }>;
  } catch {
    // recordJudgement calls it too, and says so.
    return {};
  }
}

type Likeness = "same" | "other" | "unsure";

function likenessOf(
  check: Check,
  params: Record<string, unknown>,
  stored: Stored,
): (name: string) => Likeness {
  const now = identities(check, params);
  // The same version reads the same: what older facts do not say of themselves, today's code can.
  const then =
    stored.asked ?? (stored.checkVersion === check.version ? identities(check, stored.params) : undefined);
  if (!then) return () => "unsure";
  return (name) => (then[name] !== undefined && then[name] === now[name] ? "same" : "other");
}

function identities(check: Check, params: Record<string, unknown>): Record<string, string> {
  try {
    return needIdentities(check, params);
  } catch {
    return {};
  }
}

function notRecorded(what: string): Reason {
  return { code: "not-recorded", what };
}
