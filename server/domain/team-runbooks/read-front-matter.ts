import type { Problems } from "#server/checks/written/problems.ts";
import { Fields } from "#server/checks/written/read-fields.ts";
import { readYamlTree } from "#server/checks/written/yaml-tree.ts";

export type FrontMatter = {
  title: string;
  summary: string;
  week: string | undefined;
  tags: string[];
  sources: { title: string; url: string }[];
};

const keys = ["title", "summary", "week", "tags", "sources"];

/** The YAML between the two lines of --- that a text begins with. */
export function readFrontMatter(text: string, problems: Problems): FrontMatter | undefined {
  const written = /^---[ \t]*\n([\s\S]*?)^---[ \t]*$/m.exec(text);
  if (written?.index !== 0) {
    problems.add(0, "front-matter-missing");
    return undefined;
  }
  const before = problems.count;
  const start = text.indexOf("\n") + 1;
  const tree = readYamlTree(written[1] ?? "", start, problems);
  const fields = Fields.of(tree, "front matter", { problems, allowed: keys });
  if (!fields) return undefined;
  const title = fields.text("title", { most: 200 }, true);
  const summary = fields.text("summary", { most: 300 }, true);
  const week = readWeek(fields);
  const tags = fields.list("tags", 20)?.items.flatMap((item) => fields.textOf(item, "tags", 40)?.value ?? []);
  const sources = readSources(fields);
  if (!title || !summary || problems.count > before) return undefined;
  return { title, summary, week, tags: tags ?? [], sources };
}

/** Any day of the week will do. */
function readWeek(fields: Fields): string | undefined {
  const written = fields.text("week", { most: 10, pattern: /^\d{4}-\d{2}-\d{2}$/ });
  if (written === undefined) return undefined;
  const day = new Date(`${written}T00:00:00Z`);
  if (!Number.isNaN(day.getTime())) return mondayOf(day);
  fields.problems.add(fields.field("week")?.tree.at ?? fields.at, "pattern", { key: "week", value: written });
  return undefined;
}

export function mondayOf(day: Date): string {
  const back = (day.getUTCDay() + 6) % 7;
  return new Date(day.getTime() - back * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
}

function readSources(fields: Fields): FrontMatter["sources"] {
  const { problems } = fields;
  const list = fields.list("sources", 50);
  return (list?.items ?? []).flatMap((item) => {
    const own = Fields.of(item, "sources", { problems, allowed: ["title", "url"] });
    const title = own?.text("title", { most: 200 }, true);
    const url = own?.text("url", { most: 2_000, pattern: /^https?:\/\/[^\s]+$/ }, true);
    return title && url && URL.canParse(url) ? { title, url } : [];
  });
}
