import { z } from "zod";
import { checkSourceNames } from "../check-source-names.ts";
import { verdictSchema } from "../result.ts";
import { textSchema } from "../text-schema.ts";
import { slugSchema } from "./cluster.ts";
import { articleNodeSchema, checkViewSchema, runbookMetaSchema } from "./runbook.ts";

/** Longest text of a runbook that a team may keep. */
export const maxRunbookBytes = 256 * 1024;
/** Most checks in one text. */
export const maxChecksPerRunbook = 50;

/** What can be wrong with a text. Each has its sentence in messages/<locale>/editor.json, below `problem`. */
export const problemCodes = [
  "text-too-large",
  "text-hidden-characters",
  "front-matter-missing",
  "front-matter",
  "article",
  "indented-check",
  "check-unknown",
  "tool-unknown",
  "too-many-checks",
  "id-twice",
  "yaml",
  "yaml-several",
  "yaml-alias",
  "yaml-tag",
  "yaml-too-dense",
  "yaml-too-deep",
  "yaml-key",
  "yaml-key-twice",
  "not-a-map",
  "not-a-list",
  "not-text",
  "not-a-number",
  "not-true-or-false",
  "unknown-key",
  "missing-key",
  "too-long",
  "too-many",
  "pattern",
  "choice",
  "range",
  "one-source",
  "source-without",
  "kind-unknown",
  "address",
  "header-secret",
  "param-reserved",
  "param-default",
  "expression",
  "expression-type",
  "expression-too-large",
  "expression-bind",
  "regex-literal",
  "regex",
  "template",
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Where a text is wrong: line and column in the text of the runbook, from 1. */
export const problemSchema = z.object({
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  code: z.enum(problemCodes),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Problem = z.infer<typeof problemSchema>;

export const checkSourceTypes = checkSourceNames;
export type CheckSourceType = (typeof checkSourceTypes)[number];

/** What an admin says yes to: a command on the team's hosts, or the reason why none is asked for. */
export const approvalSchema = z.object({
  checkId: z.string(),
  title: textSchema,
  argv: z.array(z.string()),
  sudo: z.boolean(),
  /** of the check's whole source: another command, or the same in another check, is asked for anew */
  contentHash: z.string(),
  approved: z.object({ by: z.string(), at: z.date() }).nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

const textInput = z.string().max(maxRunbookBytes);

/** A text as it stands, whether or not it could be kept. */
export const validationSchema = z.object({
  problems: z.array(problemSchema),
  /** what of it can be shown */
  meta: runbookMetaSchema
    .pick({ title: true, summary: true, week: true })
    .extend({ tags: z.array(z.string()) })
    .nullable(),
  article: z.array(articleNodeSchema),
  checkViews: z.array(checkViewSchema),
});
export type Validation = z.infer<typeof validationSchema>;

export const validateInputSchema = z.object({ slug: slugSchema.nullable(), text: textInput });
export const createInputSchema = z.object({ text: textInput });
export const saveInputSchema = z.object({
  slug: slugSchema,
  text: textInput,
  /** the version the text was made from: another one in between is a conflict */
  baseNumber: z.number().int().positive(),
});

/** Either it was kept, or somebody else was faster: their text, for a person to bring both together. */
export const savedSchema = z.discriminatedUnion("saved", [
  z.object({ saved: z.literal(true), slug: slugSchema, number: z.number().int() }),
  z.object({
    saved: z.literal(false),
    current: z.object({ number: z.number().int(), text: z.string(), by: z.string(), at: z.date() }),
  }),
]);

export const teamRunbookSchema = z.object({
  slug: slugSchema,
  title: z.string(),
  /** of an import, and not published yet */
  draft: z.boolean(),
  number: z.number().int(),
  newest: z.number().int(),
  text: z.string(),
  by: z.string(),
  at: z.date(),
  createdBy: z.string(),
  versions: z.array(z.object({ number: z.number().int(), by: z.string(), at: z.date() })),
  approvals: z.array(approvalSchema),
});
export type TeamRunbookView = z.infer<typeof teamRunbookSchema>;

/** What a draft's check says of facts that were read earlier. */
export const previewSchema = z.object({
  checkId: z.string(),
  facts: z.discriminatedUnion("from", [
    z.object({ from: z.literal("result"), cluster: z.string(), target: z.string(), at: z.date() }),
    z.object({ from: z.literal("sample") }),
    z.object({ from: z.literal("none") }),
  ]),
  verdict: verdictSchema.nullable(),
  read: z.number().int(),
  findings: z.array(z.object({ verdict: verdictSchema, subject: z.string(), message: textSchema })),
  findingCount: z.number().int(),
  measurements: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
  reason: z.string().nullable(),
});
export type Preview = z.infer<typeof previewSchema>;

/** What changed between two versions: runs of lines, in their order. */
export const versionDiffSchema = z.object({
  title: z.string(),
  draft: z.boolean(),
  from: z.object({ number: z.number().int(), text: z.string() }),
  to: z.number().int(),
  versions: z.array(z.object({ number: z.number().int(), by: z.string(), at: z.date() })),
  added: z.number().int(),
  removed: z.number().int(),
  parts: z.array(
    z.object({
      kind: z.enum(["same", "added", "removed"]),
      /** numbers of the first line, in the older and in the newer text, from 1 */
      fromLine: z.number().int(),
      toLine: z.number().int(),
      lines: z.array(z.string()),
    }),
  ),
});
export type VersionDiff = z.infer<typeof versionDiffSchema>;
