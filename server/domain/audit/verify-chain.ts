import type { AuditEvent } from "#generated/prisma/client.ts";
import type { Database } from "#server/db.ts";
import { eventHash, firstHash, type HashedEvent } from "./event-hash.ts";

const pageSize = 1_000;

/** `gap`: an event is missing; `link`: it does not go on from the one before; `hash`: it is not what was written. */
export type BrokenLink = { sequence: number; problem: "gap" | "link" | "hash" | "end" };
export type ChainReport = { teamId: string; events: number; broken: BrokenLink | null };

/** Every chain there is, each up to its first broken link. `end`: events after the last one were taken away. */
export async function verifyChains(db: Database): Promise<ChainReport[]> {
  const ends = await db.auditChain.findMany({ select: { teamId: true } });
  const without = await db.auditEvent.findMany({ distinct: ["teamId"], select: { teamId: true } });
  const teamIds = new Set([...ends, ...without].map(({ teamId }) => teamId));
  const reports: ChainReport[] = [];
  for (const teamId of [...teamIds].sort()) reports.push(await verifyChain(db, teamId));
  return reports;
}

/** One chain; the end is read first, so that what is written meanwhile does not look like a break. */
export async function verifyChain(db: Database, teamId: string): Promise<ChainReport> {
  const end = await endOf(db, teamId);
  let last = { sequence: 0, hash: firstHash };
  let isWhole = end.sequence === 0;
  for (;;) {
    const events = await db.auditEvent.findMany({
      where: { teamId, sequence: { gt: last.sequence } },
      orderBy: { sequence: "asc" },
      take: pageSize,
    });
    for (const event of events) {
      const problem = problemOf(event, last);
      if (problem) return { teamId, events: last.sequence, broken: { sequence: last.sequence + 1, problem } };
      last = { sequence: Number(event.sequence), hash: event.hash };
      isWhole ||= last.sequence === end.sequence && last.hash === end.hash;
    }
    if (events.length < pageSize) break;
  }
  const broken = isWhole ? null : ({ sequence: last.sequence + 1, problem: "end" } as const);
  return { teamId, events: last.sequence, broken };
}

/** Of a chain whose end is not there any more: one that no event can match. */
async function endOf(db: Database, teamId: string): Promise<{ sequence: number; hash: string }> {
  const end = await db.auditChain.findUnique({ where: { teamId } });
  if (end) return { sequence: Number(end.sequence), hash: end.hash };
  return { sequence: -1, hash: "" };
}

function problemOf(
  event: AuditEvent,
  last: { sequence: number; hash: string },
): BrokenLink["problem"] | null {
  if (Number(event.sequence) !== last.sequence + 1) return "gap";
  if (event.previousHash !== last.hash) return "link";
  return eventHash(event.previousHash, hashedOf(event)) === event.hash ? null : "hash";
}

/** The part of a stored event that its hash covers, as it was when it was written. */
export function hashedOf(event: AuditEvent): HashedEvent {
  return {
    team: event.teamId,
    sequence: Number(event.sequence),
    at: event.at.toISOString(),
    actor: { kind: event.actorKind, id: event.actorId, name: event.actorName },
    action: event.action,
    subject: { kind: event.subjectKind, id: event.subjectId, name: event.subjectName },
    details: event.details,
  };
}
