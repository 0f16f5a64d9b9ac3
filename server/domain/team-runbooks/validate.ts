import type { z } from "zod";
import type { Validation, validateInputSchema } from "#common/contracts/team-runbook.ts";
import { checks as builtIn } from "#server/checks/registry.gen.ts";
import { describeCheck } from "../checks/describe.ts";
import type { TeamContext } from "../context.ts";
import { readVersion } from "./load.ts";

type Input = z.output<typeof validateInputSchema>;

/** What a text would look like and what is wrong with it. Nothing is kept. */
export async function validateText({ ctx, input }: { ctx: TeamContext; input: Input }): Promise<Validation> {
  const slug = input.slug ?? "draft";
  const draft = { slug, createdAt: ctx.now(), text: input.text, number: 1, checks: [] };
  const { problems, meta, article, checks } = await readVersion(draft);
  const named = builtIn.filter((check) => meta?.checks.includes(check.id));
  return {
    problems,
    meta: meta ? { title: meta.title, summary: meta.summary, week: meta.week, tags: meta.tags } : null,
    article: article.article,
    checkViews: [...named, ...checks.map(({ check }) => check)].map(describeCheck),
  };
}
