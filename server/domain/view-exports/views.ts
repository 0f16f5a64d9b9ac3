import { z } from "zod";
import { acrossInputSchema } from "#common/contracts/across.ts";
import { findingFilterSchema } from "#common/contracts/finding.ts";
import { runFilterSchema } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { listLives } from "../findings/list.ts";
import { listPastResults } from "../history/list-results.ts";
import { listRuns } from "../runs/list.ts";
import { acrossRows, hostRows } from "./across-rows.ts";
import { comparedRows } from "./compared-rows.ts";
import { acrossPage, comparedPage, type ViewPage } from "./pages.ts";
import { findingRow, resultRow, runRow, type ViewItem, type ViewRow } from "./rows.ts";

type View<Filter extends z.ZodType> = {
  filter: Filter;
  read: (ctx: TeamContext, filter: z.output<Filter>) => AsyncIterable<ViewItem>;
  /** the view as a document for people, where there is one */
  page?: ViewPage<z.output<Filter>>;
};

const atOnce = 200;
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const runFilter = runFilterSchema.extend({ from: time.optional(), to: time.optional() }).strict();
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** The lists of the pages, with the filters that stand in their addresses. */
export const views = {
  runs: view(runFilter, (ctx, filter) =>
    pages((cursor) => listRuns({ ctx, input: { filter, cursor, limit: atOnce } }), runRow),
  ),
  results: view(runFilter, (ctx, filter) =>
    pages((cursor) => listPastResults({ ctx, input: { filter, cursor, limit: atOnce } }), resultRow),
  ),
  findings: view(findingFilterSchema.extend({ mine: flag.optional() }).strict(), (ctx, filter) =>
    pages((cursor) => listLives({ ctx, input: { filter, cursor, limit: atOnce } }), findingRow),
  ),
  comparison: view(
    z.strictObject({ runId: z.uuid(), with: z.uuid().optional() }),
    comparedRows,
    comparedPage,
  ),
  across: view(acrossInputSchema.strict(), acrossRows, acrossPage),
  hosts: view(z.strictObject({ runId: z.uuid() }), hostRows),
} as const;
export type ViewName = keyof typeof views;

function view<Filter extends z.ZodType>(
  filter: Filter,
  read: View<Filter>["read"],
  page?: View<Filter>["page"],
): View<Filter> {
  return { filter, read, page };
}

async function* pages<Item>(
  list: (cursor: string | null) => Promise<{ items: Item[]; next: string | null }>,
  row: (item: Item) => ViewRow,
): AsyncGenerator<ViewItem> {
  let cursor: string | null = null;
  do {
    const page: { items: Item[]; next: string | null } = await list(cursor);
    for (const item of page.items) yield { item, rows: [row(item)] };
    cursor = page.next;
  } while (cursor !== null);
}
