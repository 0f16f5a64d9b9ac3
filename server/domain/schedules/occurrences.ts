import { createHash } from "node:crypto";
import type { MissedRule } from "#generated/prisma/client.ts";
import { type CronTimes, nextOccurrence } from "./cron.ts";

/** Later than this, an occurrence was missed. The shortest gap a schedule may have. */
const ON_TIME_MS = 5 * 60_000;
/** What is older than this is never made up for. */
const LONGEST_AGE_MS = 24 * 3_600_000;
/** So many are counted one by one; a schedule that was away for longer says "so many or more". */
const MOST_COUNTED = 500;

export type Recurring = CronTimes & { id: string; jitterSeconds: number };
/** An occurrence, and when it is due: later by its jitter. */
export type Due = { occurrenceAt: Date; nextAt: Date };

/** Each occurrence has its own delay, which every worker works out alike. */
export function dueAt({ id, jitterSeconds }: Omit<Recurring, keyof CronTimes>, occurrenceAt: Date): Date {
  const hash = createHash("sha256").update(`${id} ${occurrenceAt.toISOString()}`).digest();
  const share = hash.readUInt32BE() / 2 ** 32;
  return new Date(occurrenceAt.getTime() + Math.floor(share * (jitterSeconds * 1_000 + 1)));
}

export function nextDue(schedule: Recurring, after: Date): Due | null {
  const occurrenceAt = nextOccurrence(schedule, after);
  return occurrenceAt && { occurrenceAt, nextAt: dueAt(schedule, occurrenceAt) };
}

export type Decision = {
  /** the occurrence to run, or null where the rule says that none is */
  run: Date | null;
  /** occurrences that go by without a run */
  missed: number;
  next: Due | null;
};

/**
 * What to do about a schedule whose next occurrence is due. Of all that went by, at most the newest is run: on time
 * always, later only by the rule `run_once` and while it is younger than its interval and a day.
 */
export function decide(
  schedule: Recurring & { occurrenceAt: Date; missedRule: MissedRule },
  now: Date,
): Decision {
  const { newest, passed } = newestDue(schedule, now);
  const next = nextDue(schedule, newest);
  const lateMs = now.getTime() - dueAt(schedule, newest).getTime();
  const intervalMs = next ? next.occurrenceAt.getTime() - newest.getTime() : LONGEST_AGE_MS;
  const ageMs = now.getTime() - newest.getTime();
  const madeUp = schedule.missedRule === "run_once" && ageMs < Math.min(intervalMs, LONGEST_AGE_MS);
  const run = lateMs <= ON_TIME_MS || madeUp;
  return { run: run ? newest : null, missed: passed - (run ? 1 : 0), next };
}

function newestDue(
  schedule: Recurring & { occurrenceAt: Date },
  now: Date,
): { newest: Date; passed: number } {
  let newest = schedule.occurrenceAt;
  let passed = 1;
  for (;;) {
    const next = nextDue(schedule, newest);
    if (!next || next.nextAt > now) return { newest, passed };
    newest = next.occurrenceAt;
    passed += 1;
    if (passed !== MOST_COUNTED) continue;
    // Years of every five minutes: what lies before the last day is of no use any more.
    const recent = nextDue(schedule, new Date(now.getTime() - 2 * LONGEST_AGE_MS));
    if (recent && recent.nextAt <= now && recent.occurrenceAt > newest) newest = recent.occurrenceAt;
  }
}
