import type { AcrossInput } from "#common/contracts/across.ts";
import type { Locale, Text } from "#common/text.ts";
import type { TeamContext } from "../context.ts";
import { writeAcross } from "../html-report/write-across.ts";
import { writeComparison } from "../html-report/write-comparison.ts";
import { compareAcross } from "../runs/across.ts";
import { compareRun } from "../runs/compare.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";

/** A view as a document for people. Throws before it is begun where its runs are not there. */
export type ViewPage<Filter> = (
  ctx: TeamContext,
  filter: Filter,
  locale: Locale,
) => Promise<AsyncIterable<string>>;

export const comparedPage: ViewPage<{ runId: string; with?: string }> = async (ctx, input, locale) => {
  const comparison = await compareRun({ ctx, input });
  return writeComparison(comparison, { locale, titleOf: await titlesOf(ctx) });
};

export const acrossPage: ViewPage<AcrossInput> = async (ctx, input, locale) => {
  const across = await compareAcross({ ctx, input });
  return writeAcross(across, { locale, titleOf: await titlesOf(ctx), targets: input });
};

async function titlesOf(ctx: TeamContext): Promise<(check: string) => Text> {
  const titles = new Map((await libraryOf(ctx, ctx.team.id)).map(({ id, title }) => [id, title]));
  return (check) => titles.get(check) ?? { en: check, "zh-CN": check };
}
