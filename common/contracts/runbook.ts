import { z } from "zod";
import { countsSchema, targetKinds, verdictSchema } from "../result.ts";
import { defaultLocale, locales } from "../text.ts";
import { textSchema } from "../text-schema.ts";
import { accessVerbSchema, slugSchema } from "./cluster.ts";

/** The front matter of runbooks/<slug>/<locale>.md. */
export const runbookMetaSchema = z.object({
  /** Monday of the week of the note, ISO date */
  week: z.iso.date(),
  /** its place in the catalogue */
  number: z.number().int().positive(),
  title: z.string().min(1),
  summary: z.string().min(1).max(300),
  tags: z.array(z.string()).min(1),
  checks: z.array(z.string()),
  tools: z.array(z.string()),
  sources: z.array(z.object({ title: z.string(), url: z.url() })),
});
export type RunbookMeta = z.infer<typeof runbookMetaSchema>;

/** A parameter as a form shows it; made from the check's zod schema. */
export const paramFieldSchema = z.object({
  name: z.string(),
  label: textSchema,
  help: textSchema.nullable(),
  unit: z.string().nullable(),
  type: z.enum(["string", "integer", "number", "boolean", "enum"]),
  multiline: z.boolean(),
  placeholder: z.string().nullable(),
  options: z.array(z.string()),
  default: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  required: z.boolean(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
});
export type ParamField = z.infer<typeof paramFieldSchema>;

export const checkViewSchema = z.object({
  id: z.string(),
  target: z.enum(targetKinds),
  version: z.number().int(),
  title: textSchema,
  why: textSchema,
  remedy: textSchema,
  effect: z.enum(["read", "active"]),
  /** what an active check changes or loads, how long at most, how much: a person agrees to this */
  impact: textSchema.nullable(),
  params: z.array(paramFieldSchema),
  /** what it will read, in words: "list pods", "/proc/net/netstat twice, 5 s apart" */
  reads: z.array(z.string()),
  /** Kubernetes permissions it needs; without an optional one it knows less but still has a verdict */
  permissions: z.array(
    z.object({
      group: z.string(),
      resource: z.string(),
      verb: accessVerbSchema,
      /** lets a credential do more than read */
      privileged: z.boolean(),
      optional: z.boolean(),
    }),
  ),
  takesDocument: z.boolean(),
  /** a command of the team's own that an admin has to approve first */
  waiting: z.boolean(),
});
export type CheckView = z.infer<typeof checkViewSchema>;

/** What a check's last run on a cluster had asked: the best that can be said of the next one. */
export const expectedCostSchema = z.object({ targets: z.number().int(), calls: z.number().int() });
export type ExpectedCost = z.infer<typeof expectedCostSchema>;

/** The newest verdict of a check on a cluster's target. */
export const checkStateSchema = z.object({
  checkId: z.string(),
  target: z.string(),
  verdict: verdictSchema,
  previousVerdict: verdictSchema.nullable(),
  counts: countsSchema,
  checkedAt: z.date(),
  changedAt: z.date(),
  checkedBy: z.string(),
  runId: z.uuid(),
  resultId: z.uuid(),
});
export type CheckStateView = z.infer<typeof checkStateSchema>;

export const provenSchema = z.object({
  verdict: verdictSchema,
  at: z.date(),
  by: z.string(),
  cluster: z.object({ slug: z.string(), name: z.string() }),
  runId: z.uuid(),
});

export const runbookSummarySchema = runbookMetaSchema.omit({ sources: true }).extend({
  slug: z.string(),
  /** written by the team itself */
  own: z.boolean(),
  tags: z.array(z.string()),
  /** worst newest verdict of its checks on the chosen cluster; null: never run there */
  verdict: verdictSchema.nullable(),
  lastProven: provenSchema.nullable(),
});
export type RunbookSummary = z.infer<typeof runbookSummarySchema>;

export const runbookListInputSchema = z.object({
  cluster: slugSchema.optional(),
  q: z.string().max(200).optional(),
  tag: z.string().max(80).optional(),
  locale: z.enum(locales).default(defaultLocale),
});

/** A piece of code with what it is to the highlighter: keyword, string, comment … or null for plain text. */
export type CodeToken = readonly [text: string, kind: string | null];

/**
 * A Markdoc renderable tree, serialised. components/runbooks/article.tsx renders it. Names are HTML elements (h2 and h3
 * with `id`, p, ul, ol, li, a, strong, em, code, table …) or ours, with these attributes:
 * code-block { language, text, lines: CodeToken[][] } · check { id } · tool { id } · command · figure { src, alt, caption }
 * · since { version } · step { number }.
 */
export type ArticleNode =
  | string
  | number
  | null
  | { name: string; attributes: Record<string, unknown>; children: ArticleNode[] };
export const articleNodeSchema: z.ZodType<ArticleNode> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.null(),
    z.object({
      name: z.string(),
      attributes: z.record(z.string(), z.unknown()),
      children: z.array(articleNodeSchema),
    }),
  ]),
);

export const runbookViewSchema = runbookMetaSchema.extend({
  slug: z.string(),
  own: z.boolean(),
  tags: z.array(z.string()),
  article: z.array(articleNodeSchema),
  headings: z.array(z.object({ id: z.string(), title: z.string(), level: z.number().int() })),
  checkViews: z.array(checkViewSchema),
  states: z.array(checkStateSchema),
  lastProven: provenSchema.nullable(),
  /** the last 30 runs of this runbook on the chosen cluster, newest first */
  strip: z.array(
    z.object({ runId: z.uuid(), verdict: verdictSchema.nullable(), status: z.string(), createdAt: z.date() }),
  ),
  previous: z.object({ slug: z.string(), title: z.string() }).nullable(),
  next: z.object({ slug: z.string(), title: z.string() }).nullable(),
});
export type RunbookView = z.infer<typeof runbookViewSchema>;

export const overviewSchema = z.object({
  clusters: z.array(
    z.object({
      ...{ slug: z.string(), name: z.string(), practice: z.boolean(), production: z.boolean() },
      /** what the last runs came to there, oldest first; at most twelve */
      strip: z.array(verdictSchema),
    }),
  ),
  /** worst first */
  rows: z.array(
    z.object({
      runbook: z.string(),
      title: z.string(),
      week: z.string(),
      cells: z.array(
        z.object({
          cluster: z.string(),
          verdict: verdictSchema,
          checkedAt: z.date(),
          runId: z.uuid(),
          counts: countsSchema,
        }),
      ),
    }),
  ),
  /** verdicts that changed in the last 24 hours, newest first, at most 20 */
  changes: z.array(
    z.object({
      cluster: z.object({ slug: z.string(), name: z.string() }),
      runbook: z.string().nullable(),
      checkId: z.string(),
      checkTitle: textSchema,
      from: verdictSchema.nullable(),
      to: verdictSchema,
      /** on so many targets at once */
      targets: z.number().int(),
      at: z.date(),
      by: z.string(),
      runId: z.uuid(),
    }),
  ),
  totals: countsSchema,
  runsToday: z.number().int(),
});
export type Overview = z.infer<typeof overviewSchema>;
