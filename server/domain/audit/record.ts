import type { AuditAction, AuditDetails, AuditSubjectKind } from "#common/contracts/audit.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { createRedactor } from "#server/redact.ts";
import type { Actor } from "../context.ts";
import { eventHash } from "./event-hash.ts";

/** The chain of what belongs to no team. */
export const instanceChain = "00000000-0000-0000-0000-000000000000";

export type AuditEntry = {
  action: AuditAction;
  /** `id`: what finds it again, such as a UUID or a check's id; `name`: what people call it now */
  subject: { kind: AuditSubjectKind; id: string; name: string };
  details?: AuditDetails;
};

const longestText = 300;
const longestList = 50;
const redactor = createRedactor([]);

/**
 * Writes what was done into the team's chain (without a team: the instance's), in the transaction that does it: both
 * are there or neither. Call it last, since the chain stays locked until that transaction ends. What looks like a
 * secret is blackened, but no secret may be handed over in the first place.
 */
export async function recordAudit(
  tx: DatabaseTransaction,
  ctx: { actor: Actor; team?: { id: string } },
  { action, subject, details = {} }: AuditEntry,
): Promise<void> {
  const teamId = ctx.team?.id ?? instanceChain;
  const end = await lockEnd(tx, teamId);
  const actor = actorOf(ctx.actor);
  const event = {
    team: teamId,
    sequence: Number(end.sequence) + 1,
    at: end.now.toISOString(),
    actor: { ...actor, name: short(actor.name) },
    action,
    subject: { kind: subject.kind, id: short(subject.id), name: short(subject.name) },
    details: shortDetails(details),
  };
  await tx.auditEvent.create({
    data: {
      ...{ teamId, sequence: event.sequence, at: end.now, action, details: event.details },
      ...{ actorKind: event.actor.kind, actorId: event.actor.id, actorName: event.actor.name },
      ...{ subjectKind: subject.kind, subjectId: event.subject.id, subjectName: event.subject.name },
      ...{ previousHash: end.hash, hash: eventHash(end.hash, event) },
    },
  });
}

/** The update changes nothing: it makes the second of two writers wait, and then read what the first one left. */
async function lockEnd(tx: DatabaseTransaction, teamId: string) {
  const [end] = await tx.$queryRaw<{ sequence: bigint; hash: string; now: Date }[]>`
    INSERT INTO audit_chain ("teamId") VALUES (${teamId}::uuid)
    ON CONFLICT ("teamId") DO UPDATE SET "teamId" = EXCLUDED."teamId"
    RETURNING "sequence", "hash", date_trunc('milliseconds', clock_timestamp()) AS now`;
  if (!end) throw new Error("the end of an audit chain was not returned");
  return end;
}

function actorOf(actor: Actor): { kind: string; id: string | null; name: string } {
  switch (actor.type) {
    case "user":
      return { kind: "user", id: actor.userId, name: actor.name };
    case "key":
      return { kind: "key", id: actor.keyId, name: actor.name };
    case "system":
      return { kind: "system", id: null, name: actor.name };
    case "nobody":
      return { kind: "nobody", id: null, name: "" };
  }
}

function shortDetails(details: AuditDetails): Record<string, string | number | boolean | null | string[]> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      if (typeof value === "string") return [key, short(value)];
      if (typeof value !== "object" || value === null) return [key, value];
      const more = value.length > longestList ? [`… ${value.length}`] : [];
      return [key, [...value.slice(0, longestList).map(short), ...more]];
    }),
  );
}

/** As the database keeps it unchanged (no NUL, no half of a character), since the hash is over what is read back. */
function short(text: string): string {
  const redacted = redactor.text(text);
  const cut = redacted.length > longestText ? `${redacted.slice(0, longestText)}…` : redacted;
  return cut.toWellFormed().replaceAll("\0", "\ufffd");
}
