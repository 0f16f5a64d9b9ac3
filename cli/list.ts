import type { CheckView, RunbookMeta } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { describeCheck } from "#server/domain/checks/describe.ts";
import { type Paint, painter, printable, type Terminal } from "./terminal.ts";
import { writeJson } from "./write-json.ts";

type ListOptions = { json?: boolean; locale: Locale };

export function listChecksCommand({ json, locale }: ListOptions, terminal: Terminal): void {
  const views = checks.map(describeCheck);
  if (json) writeJson(views, terminal);
  else terminal.out.write(views.map((view) => checkLines(view, locale, painter(terminal.colours))).join(""));
}

export async function listRunbooksCommand({ json, locale }: ListOptions, terminal: Terminal): Promise<void> {
  const { loadRunbooks } = await import("#server/domain/runbooks/load-runbooks.ts");
  const loaded = [...(await loadRunbooks()).values()];
  const runbooks = loaded.map(({ slug, texts }) => ({ slug, ...texts[locale].meta }));
  if (json) writeJson(runbooks, terminal);
  else terminal.out.write(runbooks.map((each) => runbookLines(each, painter(terminal.colours))).join(""));
}

function checkLines({ id, title, params, takesDocument }: CheckView, locale: Locale, paint: Paint): string {
  const given = params.map((param) => `--param ${param.name}=…`);
  if (takesDocument) given.push("--document FILE");
  const head = `${paint.strong(id)}  ${inLocale(title, locale)}\n`;
  return given.length > 0 ? `${head}  ${paint.dim(given.join(" "))}\n` : head;
}

function runbookLines(
  { slug, title, week, checks: ids }: RunbookMeta & { slug: string },
  paint: Paint,
): string {
  const head = `${paint.strong(slug)}  ${printable(title)}  ${paint.dim(week)}\n`;
  return ids.length > 0 ? `${head}  ${paint.dim(ids.join(" "))}\n` : head;
}
