import { randomUUID } from "node:crypto";
import { type DeliveryOutcome, quietHoursSchema } from "#common/contracts/channel.ts";
import type { Channel, Delivery, Team } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "#server/db.ts";
import { databaseNow } from "../schedules/notify.ts";
import { mostAttempts } from "./backoff.ts";
import { type Composing, composeMessage } from "./compose.ts";
import { type Message, messageSchema } from "./message.ts";
import { quietUntil } from "./quiet-hours.ts";
import { StepFailed } from "./step-failed.ts";

/** Above what an attempt may take: when it is over, whoever had it was killed, and it is tried again. */
export const leaseMs = 60_000;
const transactionOptions = { maxWait: 30_000, timeout: 60_000 };

export type Claimed = { delivery: Delivery & { lease: string }; channel: Channel; message: Message };
export type ComposingOf = (team: Team, channel: Channel) => Promise<Composing>;
type Held = Delivery & { channel: Channel & { team: Team } };

/**
 * Takes a delivery that is due, which nobody else sends, on a channel on which nothing else is under way. Returns null
 * where there is none, and "again" where one was put off or dropped and the next may be looked for.
 */
export function claimNext(
  db: Database,
  { composingOf, except = [] }: { composingOf: ComposingOf; except?: readonly string[] },
): Promise<Claimed | "again" | null> {
  return db.$transaction(async (tx) => {
    const [due] = await tx.$queryRaw<{ id: string }[]>`
      SELECT d.id FROM delivery d
      WHERE d.state IN ('waiting', 'held', 'failed') AND d."dueAt" <= clock_timestamp()
        AND d.id <> ALL(${[...except]}::uuid[])
        AND NOT EXISTS (SELECT FROM delivery o
          WHERE o."channelId" = d."channelId" AND o."leaseUntil" > clock_timestamp())
      ORDER BY d."dueAt" LIMIT 1 FOR UPDATE OF d SKIP LOCKED`;
    if (!due) return null;
    const held = await tx.delivery.findUniqueOrThrow({
      where: { id: due.id },
      include: { channel: { include: { team: true } } },
    });
    return deal(tx, held, composingOf).catch((cause: unknown) => {
      throw new StepFailed(held.id, { cause });
    });
  }, transactionOptions);
}

async function deal(
  tx: DatabaseTransaction,
  held: Held,
  composingOf: ComposingOf,
): Promise<Claimed | "again"> {
  const now = await databaseNow(tx);
  if (await putOff(tx, held, now)) return "again";
  return (await take(tx, held, { now, composingOf })) ?? "again";
}

/** Whether it is not for now. */
async function putOff(tx: DatabaseTransaction, held: Held, now: Date): Promise<boolean> {
  if (held.byHand) return false;
  if (!held.channel.enabled) return end(tx, held, { state: "dropped", ended: "switched-off", now });
  const quiet = quietHoursSchema.nullable().parse(held.channel.quiet);
  if (!quiet || (quiet.failBreaksThrough && held.urgent)) return false;
  const until = quietUntil(quiet, now);
  if (!until) return false;
  if (held.attempts === 0 && (await joinSummary(tx, held))) return true;
  // What was tried before keeps what it says, and is a message of its own.
  const kind = held.attempts === 0 ? { kind: "summary" as const } : {};
  await tx.delivery.update({ where: { id: held.id }, data: { ...kind, state: "held", dueAt: until } });
  return true;
}

/** Of one stretch of quiet hours there is one summary: where another one is held already, this one goes into it. */
async function joinSummary(
  tx: DatabaseTransaction,
  { id, channelId, noticeIds, urgent }: Held,
): Promise<boolean> {
  const { count } = await tx.delivery.updateMany({
    where: { channelId, kind: "summary", state: "held", attempts: 0, id: { not: id } },
    data: { noticeIds: { push: noticeIds }, ...(urgent ? { urgent } : {}) },
  });
  if (count > 0) await tx.delivery.delete({ where: { id } });
  return count > 0;
}

async function take(
  tx: DatabaseTransaction,
  held: Held,
  { now, composingOf }: { now: Date; composingOf: ComposingOf },
): Promise<Claimed | null> {
  const { channel, ...delivery } = held;
  // Each attempt ended without a word, so that nobody could write down that it was the last.
  if (delivery.attempts >= mostAttempts) {
    await end(tx, held, { state: "given_up", ended: "exhausted", now });
    return null;
  }
  const message = delivery.message
    ? messageSchema.parse(delivery.message)
    : await composeMessage(
        tx,
        { delivery, channel, team: channel.team },
        await composingOf(channel.team, channel),
      );
  if (!message) {
    await end(tx, held, { state: "dropped", ended: "nothing-left", now });
    return null;
  }
  const lease = randomUUID();
  const taken = await tx.delivery.update({
    where: { id: delivery.id },
    data: {
      ...{ state: "waiting", message, lease, leaseUntil: new Date(now.getTime() + leaseMs) },
      ...{ attempts: delivery.attempts + 1, attemptedAt: now },
    },
  });
  return { delivery: { ...taken, lease }, channel, message };
}

async function end(
  tx: DatabaseTransaction,
  { id, outcome }: Held,
  { state, ended, now }: { state: "dropped" | "given_up"; ended: DeliveryOutcome["ended"]; now: Date },
): Promise<true> {
  const before = Object(outcome);
  const data = { status: null, answer: "", reason: null, refused: 0, ...before, ended };
  await tx.delivery.update({
    where: { id },
    data: { state, endedAt: now, outcome: data, lease: null, leaseUntil: null },
  });
  return true;
}
