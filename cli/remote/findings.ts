import { z } from "zod";
import { findingStates } from "#common/finding-states.ts";
import { subjectSchema, verdictSchema } from "#common/result.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { textSchema } from "#common/text-schema.ts";
import { UsageError } from "../sentence-errors.ts";
import { type Paint, painter, printable, type Terminal } from "../terminal.ts";
import { loadWords, type Words } from "../words.ts";
import { writeJson } from "../write-json.ts";
import { type Api, openApi } from "./api.ts";
import { requireServer } from "./server.ts";

const personSchema = z.object({ by: z.string(), note: z.string() });
const lifeSchema = z.looseObject({
  id: z.uuid(),
  cluster: z.object({ slug: z.string() }),
  checkId: z.string(),
  verdict: verdictSchema,
  subject: subjectSchema,
  message: textSchema,
  state: z.enum(findingStates),
  openedAt: z.string(),
  acknowledged: personSchema.nullable(),
  muted: personSchema.extend({ until: z.string() }).nullable(),
});
type Life = z.infer<typeof lifeSchema>;
const pageSchema = z.object({ items: z.array(lifeSchema), next: z.string().nullable() });

const filterNames = ["state", "verdict", "cluster", "check", "runbook", "text"] as const;
export type FindingsOptions = Partial<Record<(typeof filterNames)[number], string>> & {
  mine?: boolean;
  limit: string;
  json?: boolean;
  locale: Locale;
  insecureHttp?: boolean;
};
type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv };
type Page = { cli: Words; verdict: Words; paint: Paint; locale: Locale };

const atOnce = 200;

/** `weekbook findings`: those of the team, worst first, up to `--limit`; `--json` says in `more` whether that is all. */
export async function findingsCommand(
  options: FindingsOptions,
  { terminal, project, env }: Surroundings,
): Promise<void> {
  const api = openApi(await requireServer(env, options));
  const { items, more } = await readAll(api, filterOf(options), readLimit(options.limit));
  if (options.json) return writeJson({ items, more }, terminal);
  const load = (namespace: string) => loadWords(project, options.locale, namespace);
  const [cli, verdict] = await Promise.all([load("cli"), load("verdict")]);
  const page = { cli, verdict, paint: painter(terminal.colours), locale: options.locale };
  for (const life of items) terminal.out.write(`${lifeLines(life, page).join("\n")}\n`);
  if (items.length === 0) terminal.err.write(`${cli("findingNone")}\n`);
  if (more) terminal.err.write(`${cli("findingMore", { count: items.length })}\n`);
}

function filterOf(options: FindingsOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of filterNames) if (options[name] !== undefined) query.set(name, options[name]);
  if (options.mine) query.set("mine", "true");
  return query;
}

async function readAll(api: Api, query: URLSearchParams, limit: number) {
  const items: Life[] = [];
  for (;;) {
    query.set("limit", String(Math.min(atOnce, limit - items.length)));
    const page = await api.json(`/findings?${query}`, pageSchema);
    items.push(...page.items);
    if (page.next === null || items.length >= limit) return { items, more: page.next !== null };
    query.set("cursor", page.next);
  }
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) return limit;
  throw new UsageError(`--limit ${text}: give a whole number between 1 and 100000.`);
}

function lifeLines(life: Life, { cli, verdict, paint, locale }: Page): string[] {
  const { subject, cluster, checkId, openedAt, acknowledged, muted } = life;
  const name = subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`;
  const about = [subject.kind, name, subject.part].filter(Boolean).join(" ");
  const head = `${paint.verdict(life.verdict, verdict(life.verdict))}  ${paint.strong(printable(about))}`;
  const state = cli(`findingState.${life.state}`, { day: openedAt.slice(0, 10) });
  const lines = [
    `${head}  ${paint.dim(printable(`${checkId} · ${cluster.slug} · ${state}`))}`,
    ...printable(inLocale(life.message, locale))
      .split("\n")
      .map((line) => `  ${line}`),
  ];
  if (acknowledged) lines.push(`  ${printable(`${acknowledged.by}: ${acknowledged.note}`)}`);
  if (muted) {
    const until = cli("findingUntil", { until: muted.until.slice(0, 16).replace("T", " ") });
    lines.push(`  ${printable(`${muted.by}: ${muted.note} (${until})`)}`);
  }
  return [...lines, `  ${paint.dim(life.id)}`, ""];
}
