import type { z } from "zod";
import { defaultLocale, type Locale } from "#common/text.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { csvLine } from "../csv-line.ts";
import { fieldsOf } from "../parse.ts";
import type { ViewPage } from "./pages.ts";
import type { ViewItem, ViewRow } from "./rows.ts";
import { type ViewName, views } from "./views.ts";

export const viewFormats = ["csv", "json", "html"] as const;
type Format = (typeof viewFormats)[number];
type Written = { view: string; filter: Record<string, string>; items: AsyncIterable<ViewItem>; most: number };

type AnyView = {
  filter: z.ZodType;
  read: (ctx: TeamContext, filter: unknown) => AsyncIterable<ViewItem>;
  page?: ViewPage<unknown>;
};
const mediaTypes: Record<Format, string> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  html: "text/html; charset=utf-8",
};

/** More than this is for the API, which goes on where it ended. What is cut says so. */
export const mostItems = 100_000;

/**
 * What a page lists, as a file, page by page while it is read. `filter` is as it stands in an address; throws `invalid`
 * for one that is not the view's and a format it has not, and `not-found` for runs that are not there, before there is
 * a file. The audit log knows of each.
 */
export async function exportView({
  ctx,
  input,
  most = mostItems,
}: {
  ctx: TeamContext;
  input: { view: ViewName; format: Format; filter: Record<string, string>; language?: Locale };
  most?: number;
}): Promise<{ fileName: string; mediaType: string; body: AsyncIterable<string> }> {
  const { view, format, filter, language = defaultLocale } = input;
  const day = ctx.now().toISOString().slice(0, 10);
  const body = await bodyOf(ctx, { view, format, filter, language, most });
  const filters = Object.entries(filter).map(([name, value]) => `${name}=${value}`);
  await ctx.db.$transaction((tx) =>
    recordAudit(tx, ctx, {
      action: "list.exported",
      subject: { kind: "list", id: view, name: view },
      details: { format, filter: filters },
    }),
  );
  return {
    fileName: `weekbook-${view}-${ctx.team.slug}-${day}.${format}`,
    mediaType: mediaTypes[format],
    body,
  };
}

type Asked = Pick<Written, "filter" | "most"> & { view: ViewName; format: Format; language: Locale };

async function bodyOf(ctx: TeamContext, asked: Asked): Promise<AsyncIterable<string>> {
  const { view, format, filter, language, most } = asked;
  const { filter: schema, read, page } = views[view] as AnyView;
  const parsed = schema.safeParse(filter);
  if (!parsed.success) throw new AppError("invalid", "invalid", { fields: fieldsOf(parsed.error) });
  if (format === "html") {
    if (!page) throw new AppError("invalid", "invalid");
    return page(ctx, parsed.data, language);
  }
  const items = await begun(read(ctx, parsed.data));
  return (format === "csv" ? writeCsv : writeJson)({ view, filter, items, most });
}

async function* writeJson({ view, filter, items, most }: Written): AsyncGenerator<string> {
  yield `${JSON.stringify({ view, filter }).slice(0, -1)},"items":[`;
  let count = 0;
  let cut = false;
  for await (const { item, more } of items) {
    cut = count === most;
    if (cut) break;
    yield `${count === 0 ? "" : ","}\n${JSON.stringify(item)}`;
    count += 1;
    cut = more === true;
  }
  yield `\n],"count":${count},"cut":${cut}}\n`;
}

async function* writeCsv({ items, most }: Written): AsyncGenerator<string> {
  let columns: string[] | undefined;
  let count = 0;
  let cut = false;
  for await (const { rows, more } of items) {
    cut = count === most;
    if (cut) break;
    for (const row of rows) {
      if (!columns) {
        columns = Object.keys(row);
        yield csvLine(columns);
      }
      yield csvLine(columns.map((column) => cellText(row[column])));
    }
    count += 1;
    cut = more === true;
  }
  if (cut) yield csvLine([`Cut after ${count}: there are more. Narrow the filters.`]);
  if (!columns) yield csvLine(["Nothing fits the filters."]);
}

/** The same, with its first already read. */
async function begun<Item>(all: AsyncIterable<Item>): Promise<AsyncIterable<Item>> {
  const items = all[Symbol.asyncIterator]();
  const first = await items.next();
  return (async function* () {
    try {
      for (let item = first; !item.done; item = await items.next()) yield item.value;
    } finally {
      await items.return?.();
    }
  })();
}

function cellText(value: ViewRow[string]): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}
