import { type ScheduleOutcome, scheduleOutcomeSchema } from "#common/contracts/schedule.ts";
import type { Schedule, Team } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { Database, DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import type { Queue, TeamContext } from "../context.ts";
import { noteNotRun } from "../notifications/note.ts";
import { storedChecks } from "./checks-to-run.ts";
import { databaseNow } from "./notify.ts";
import { type Decision, decide } from "./occurrences.ts";
import { clustersLeft, startScheduled } from "./start-scheduled.ts";

const transactionOptions = { maxWait: 30_000, timeout: 60_000 };
const never = { occurrenceAt: null, nextAt: null };

export type Firing = { db: Database; queue: Queue; library: readonly Check[] };
export type Fired = { scheduleId: string; outcome: ScheduleOutcome };

/**
 * Deals with one schedule that is due by the database's clock: its run is inserted and its next time set in the same
 * transaction, under the lock of its row. So however many workers try, and wherever one is killed, an occurrence has
 * one run. Returns null where nothing is due that nobody else deals with.
 */
export function fireNext(firing: Firing, except: readonly string[] = []): Promise<Fired | null> {
  return firing.db.$transaction(async (tx) => {
    const [due] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM schedule
      WHERE enabled AND "nextAt" <= clock_timestamp() AND id <> ALL(${[...except]}::uuid[])
      ORDER BY "nextAt" LIMIT 1 FOR UPDATE SKIP LOCKED`;
    if (!due) return null;
    return fire(firing, tx, due.id).catch((cause: unknown) => {
      throw new FiringFailed(due.id, { cause });
    });
  }, transactionOptions);
}

/** Nothing of it was kept: the schedule is as due as it was. */
export class FiringFailed extends Error {
  override name = "FiringFailed";
  readonly scheduleId: string;
  constructor(scheduleId: string, options: { cause: unknown }) {
    super("a schedule could not be dealt with", options);
    this.scheduleId = scheduleId;
  }
}

async function fire(firing: Firing, tx: DatabaseTransaction, id: string): Promise<Fired> {
  const { team, ...schedule } = await tx.schedule.findUniqueOrThrow({
    where: { id },
    include: { team: true },
  });
  const now = await databaseNow(tx);
  const decision = decide({ ...schedule, occurrenceAt: schedule.occurrenceAt ?? now }, now);
  const ctx = contextOf(firing, { tx, team, schedule, now });
  const clusterIds = (await clustersLeft(ctx, schedule.clusterIds)).map((cluster) => cluster.id);
  const outcome = await outcomeOf(ctx, { schedule: { ...schedule, clusterIds }, decision, now, firing });
  const next = outcome.result === "disabled" ? never : (decision.next ?? never);
  await noteChange(tx, schedule, outcome);
  await tx.schedule.update({
    where: { id },
    data: {
      ...{ clusterIds, ...next, lastAt: now, lastOutcome: JSON.parse(JSON.stringify(outcome)) },
      ...(outcome.result === "started" ? { lastRunId: outcome.runId } : {}),
      ...(outcome.result === "disabled" ? { enabled: false, disabledReason: outcome.reason } : {}),
      ...(decision.next ? {} : { enabled: false, disabledReason: "never-again" }),
    },
  });
  return { scheduleId: id, outcome };
}

/** That it did not run is told once, and again only after it ran or when the reason is another. */
async function noteChange(
  tx: DatabaseTransaction,
  schedule: Schedule,
  outcome: ScheduleOutcome,
): Promise<void> {
  if (outcome.result === "started") return;
  const before = scheduleOutcomeSchema.safeParse(schedule.lastOutcome).data;
  const keyOf = (one: ScheduleOutcome) => (one.result === "refused" ? one.key : one.result);
  if (before && keyOf(before) === keyOf(outcome)) return;
  const { id: scheduleId, teamId, name, runbook, clusterIds } = schedule;
  const checkIds = storedChecks(schedule).map(({ id }) => id);
  await noteNotRun(tx, { teamId, scheduleId, name, why: outcome.result, clusterIds, checkIds, runbook });
}

/** Whoever made it may have left: a schedule acts for its team, under its own name. */
function contextOf(
  { queue }: Firing,
  { tx, team, schedule, now }: { tx: DatabaseTransaction; team: Team; schedule: Schedule; now: Date },
): TeamContext {
  return {
    ...{ db: tx as Database, queue, now: () => now, team, role: "operator" },
    actor: { type: "system", name: `${schedule.name} (schedule)` },
    vault: { seal: () => Promise.reject(new Error("a schedule stores no credentials")) },
  };
}

async function outcomeOf(
  ctx: TeamContext,
  work: { schedule: Schedule; decision: Decision; now: Date; firing: Firing },
): Promise<ScheduleOutcome> {
  const { schedule, decision, now, firing } = work;
  const base = { at: now, occurrenceAt: decision.run, missed: decision.missed };
  if (schedule.clusterIds.length === 0) return { ...base, result: "disabled", reason: "no-cluster" };
  if (!decision.run) return { ...base, result: "missed" };
  const key = `schedule ${schedule.id} ${decision.run.toISOString()}`;
  try {
    const { runId } = await startScheduled(ctx, schedule, { key, library: firing.library });
    return { ...base, result: "started", runId };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [first] = Object.values(error.fields ?? {});
    return { ...base, result: "refused", key: first ?? error.message, values: error.values };
  }
}
