import { z } from "zod";
import type { Text } from "./text.ts";
import { textSchema } from "./text-schema.ts";
import { verdicts } from "./verdict.ts";

/** The contracts of what a check concludes, shared by judges, storage, API and pages. */

export const verdictSchema = z.enum(verdicts);

/** What a finding is about. `kind` is a Kubernetes kind or one of host, endpoint, document. */
export const subjectSchema = z.object({
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  /** a part of the subject, such as a container, a port or a device */
  part: z.string().optional(),
});
export type Subject = z.infer<typeof subjectSchema>;

/** What a judge may say as a value that needs no language ("3 of 5", "Terminating"), or in words of each language. */
export type Words = string | Text;

/**
 * An excerpt of what was read. `source` names where it comes from ("pods/web-0 status", "/proc/net/netstat"). Both are
 * plain strings, in English where they are words; `texts` then holds them in every language.
 */
export const evidenceSchema = z.object({
  source: z.string(),
  excerpt: z.string(),
  texts: z.object({ source: textSchema, excerpt: textSchema }).partial().optional(),
});
export type Evidence = { source: Words; excerpt: Words };

/** One thing to do or to look at, with the real names filled in. `purpose` says whether it mends or verifies. */
export const remedyStepSchema = z.object({
  purpose: z.enum(["inspect", "fix", "verify"]),
  text: textSchema,
  command: z.string().optional(),
});
export type RemedyStep = z.infer<typeof remedyStepSchema>;

/** One subject's verdict, as it is kept. `observed` and `expected` are plain strings like those of evidence. */
export const findingSchema = z.object({
  verdict: z.enum(["pass", "warn", "fail", "unknown"]),
  /** kebab-case, stable: part of the fingerprint */
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  subject: subjectSchema,
  /** others the same cause concerns, when one owner stands for many; `sample` holds at most 50 */
  affected: z.object({ count: z.number().int(), sample: z.array(subjectSchema).max(50) }).optional(),
  message: textSchema,
  observed: z.string().optional(),
  expected: z.string().optional(),
  /** `observed` and `expected` in every language, where they are words */
  texts: z.object({ observed: textSchema, expected: textSchema }).partial().optional(),
  evidence: z.array(evidenceSchema).optional(),
  remedy: z.array(remedyStepSchema).optional(),
});
export type KeptFinding = z.infer<typeof findingSchema>;

/** The same as a judge returns it. */
export type Finding = Omit<KeptFinding, "observed" | "expected" | "texts" | "evidence"> & {
  observed?: Words;
  expected?: Words;
  evidence?: Evidence[];
};

/** Where a measured value begins to be a problem: above one number, below another, or both. */
export const boundSchema = z.object({ above: z.number().optional(), below: z.number().optional() });
export type Bound = z.infer<typeof boundSchema>;

export const measurementSchema = z.object({
  name: z.string(),
  subject: z.string().optional(),
  value: z.number(),
  /** a UCUM-like unit: "1", "%", "s", "ms", "By", "{pods}" … */
  unit: z.string(),
  /** where the check began to warn or fail when it measured this; drawn as bands of a trend */
  warn: boundSchema.optional(),
  fail: boundSchema.optional(),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** Why something could not be read or does not apply. A closed set: each has its sentence in messages/<locale>/reason.json. */
export const reasonCodes = [
  "forbidden", // 403: the credential lacks a permission
  "unauthorized", // 401: the credential is not accepted
  "unreachable", // name, route, connection or TLS failed
  "refused-address", // the guarded dialler does not go there
  "timed-out",
  "truncated", // more than the limit; the rest was not read
  "throttled", // the server kept answering 429
  "changed-while-reading", // the list was compacted away twice
  "server-error",
  "not-served", // the kind does not exist on this server → skip
  "not-found", // the object or file does not exist
  "not-permitted", // the operating system denied it (EACCES, EPERM)
  "tool-missing", // a command is not installed
  "no-target", // the cluster has no connection of that kind → skip
  "not-supplied", // the document or parameter was not given → skip
  "not-recorded", // judged again from stored facts, which do not hold it
  "not-applicable", // a judge's own word: nothing there to judge → skip
  "malformed", // an answer that is not what it should be
  "cancelled",
  "interrupted", // an active check had begun when its worker ended: it is not done twice
  "credential-unreadable",
  "not-approved", // a command that a team wrote and no admin has approved
  "internal",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export const reasonSchema = z.object({
  code: z.enum(reasonCodes),
  /** what could not be read, in the words of its system: "list pods in namespace payments" */
  what: z.string(),
  /** the system's own message, redacted */
  detail: z.string().optional(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** What was read of one need. `missing` names each part that was not; complete means it is empty. */
export const coverageSchema = z.object({
  what: z.string(),
  read: z.number().int(),
  unit: z.string(),
  missing: z.array(reasonSchema),
  /** the check can do without: what is missing of it does not make the result unknown */
  optional: z.boolean().optional(),
});
export type Coverage = z.infer<typeof coverageSchema>;

/** What a result or a run cost its target. */
export const costSchema = z.object({
  calls: z.number().int(),
  bytes: z.number().int(),
  throttled: z.number().int(),
  seconds: z.number(),
});
export type Cost = z.infer<typeof costSchema>;

/** Counts real things while reading. `total` is known only where the source tells. */
export const progressSchema = z.object({
  done: z.number().int(),
  total: z.number().int().optional(),
  unit: z.string(),
});
export type Progress = z.infer<typeof progressSchema>;

export const phaseSchema = z.enum(["waiting", "reading", "judging", "done"]);
export type Phase = z.infer<typeof phaseSchema>;

export const countsSchema = z.object({
  pass: z.number().int(),
  warn: z.number().int(),
  fail: z.number().int(),
  unknown: z.number().int(),
  skip: z.number().int(),
});
export type Counts = z.infer<typeof countsSchema>;
export const noCounts: Counts = { pass: 0, warn: 0, fail: 0, unknown: 0, skip: 0 };

export const targetKinds = ["kubernetes", "host", "endpoint", "document"] as const;
export type TargetKind = (typeof targetKinds)[number];
