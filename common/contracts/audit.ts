import { z } from "zod";

/** All that the audit log speaks of. Each has words in messages/<locale>/audit.json, below `action`. */
export const auditActions = [
  "account.backupCodesMade",
  "account.firstCreated",
  "account.passwordChanged",
  "account.passwordReset",
  "account.profileChanged",
  "account.sessionsEnded",
  "account.signInFailed",
  "account.signedIn",
  "account.twoFactorDisabled",
  "account.twoFactorEnabled",

  "apiKey.made",
  "apiKey.revoked",

  "auditLog.exported",

  "channel.added",
  "channel.changed",
  "channel.deliveryRetried",
  "channel.removed",
  "channel.secretRotated",
  "channel.switchedOff",
  "channel.switchedOn",
  "channel.tested",

  "cluster.budgetChanged",
  "cluster.changed",
  "cluster.connected",
  "cluster.credentialReplaced",
  "cluster.removed",

  "endpoint.added",
  "endpoint.changed",
  "endpoint.removed",
  "endpoint.secretReplaced",

  "finding.acknowledged",
  "finding.muted",
  "finding.reopened",
  "finding.settled",
  "finding.unmuted",

  "hosts.added",
  "hosts.changed",
  "hosts.keyReplaced",
  "hosts.keysConfirmed",
  "hosts.removed",

  "invitation.made",
  "invitation.revoked",

  "list.exported",

  "member.clusterRoleChanged",
  "member.joined",
  "member.removed",
  "member.resetLinkMade",
  "member.roleChanged",

  "notes.importUndone",
  "notes.imported",

  "params.reset",
  "params.set",

  "run.activeConfirmed",
  "run.cancelled",
  "run.captureDownloaded",
  "run.exported",
  "run.judgedAgain",
  "run.started",

  "runbook.checkApproved",
  "runbook.created",
  "runbook.published",
  "runbook.removed",
  "runbook.saved",

  "schedule.changed",
  "schedule.created",
  "schedule.removed",
  "schedule.switchedOff",
  "schedule.switchedOn",

  "session.closed",
  "session.reopened",
  "session.started",

  "share.firstOpened",
  "share.made",
  "share.revoked",

  "signingKey.replaced",

  "team.created",
  "team.renamed",
  "team.twoFactorRequired",

  "view.changed",
  "view.removed",
  "view.saved",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** What an event is about. Each has a word in messages/<locale>/audit.json, below `subject`. */
export const auditSubjectKinds = [
  "account",
  "apiKey",
  "auditLog",
  "channel",
  "check",
  "cluster",
  "endpoint",
  "finding",
  "hosts",
  "invitation",
  "list",
  "member",
  "notes",
  "run",
  "runbook",
  "schedule",
  "session",
  "share",
  "signingKey",
  "team",
  "view",
] as const;
export type AuditSubjectKind = (typeof auditSubjectKinds)[number];

/** Names, counts and roles that say what changed. Never a secret, and no more than a person reads in a line. */
export type AuditDetails = Record<string, string | number | boolean | null | readonly string[]>;

/** `accounts`: what the members do with their accounts, which belongs to no team, such as signing in. */
export const auditScopes = ["team", "accounts"] as const;

const isoDay = z.iso.date();

/** What a page shows of the log. Days are whole days in UTC, as the record has its times. */
export const auditFilterSchema = z.object({
  scope: z.enum(auditScopes).default("team"),
  person: z.string().max(100).optional(),
  action: z.enum(auditActions).optional(),
  kind: z.enum(auditSubjectKinds).optional(),
  /** part of a subject's name, or all of its id */
  subject: z.string().trim().max(200).optional(),
  from: isoDay.optional(),
  to: isoDay.optional(),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

export const auditEventSchema = z.object({
  sequence: z.int(),
  at: z.date(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEventView = z.infer<typeof auditEventSchema>;

export const auditPageSchema = z.object({ items: z.array(auditEventSchema), next: z.string().nullable() });
export type AuditPage = z.infer<typeof auditPageSchema>;
