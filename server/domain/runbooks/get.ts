import type { RunbookView } from "#common/contracts/runbook.ts";
import type { Locale } from "#common/text.ts";
import { worstVerdict } from "#common/verdict.ts";
import { AppError } from "#server/errors.ts";
import { describeCheck } from "../checks/describe.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import { withColours } from "./highlight.ts";
import type { Runbooks } from "./load-runbooks.ts";
import { lastProvenOf, readStates, readTargetStates } from "./states.ts";

type GetRunbook = { ctx: TeamContext; input: { slug: string; cluster?: string; locale: Locale } };

/** A runbook to read, with what is known of it on the chosen cluster. */
export async function getRunbook({ ctx, input }: GetRunbook): Promise<RunbookView> {
  const runbooks = await runbooksOf(ctx);
  const library = await libraryOf(ctx, ctx.team.id);
  const runbook = runbooks.get(input.slug);
  if (!runbook) throw new AppError("not-found", "runbook-not-found");
  const chosen = input.cluster === undefined ? null : await findCluster(ctx, input.cluster);
  const { meta, article, headings } = runbook.texts[input.locale];
  const { clusters, states } = await readStates(ctx, meta.checks);
  return {
    ...meta,
    slug: runbook.slug,
    own: runbook.own ?? false,
    article: await withColours(article),
    headings,
    checkViews: library.filter((check) => meta.checks.includes(check.id)).map(describeCheck),
    states: chosen ? await readTargetStates(ctx, { clusterId: chosen.id, checkIds: meta.checks }) : [],
    lastProven: lastProvenOf(states, clusters),
    strip: chosen ? await readStrip(ctx, { clusterId: chosen.id, runbook: runbook.slug }) : [],
    ...neighbours(runbooks, runbook.slug, input.locale),
  };
}

/** The newest runs with this cluster among theirs, and what each came to there. */
async function readStrip(
  ctx: TeamContext,
  where: { clusterId: string; runbook: string },
): Promise<RunbookView["strip"]> {
  const here = { teamId: ctx.team.id, clusterId: where.clusterId };
  const runs = await ctx.db.run.findMany({
    where: { teamId: ctx.team.id, runbook: where.runbook, judgedFromId: null, parts: { some: here } },
    select: { id: true, status: true, createdAt: true, parts: { where: here, select: { verdict: true } } },
    orderBy: { id: "desc" },
    take: 30,
  });
  return runs.map(({ id, parts, ...run }) => {
    const verdicts = parts.flatMap(({ verdict }) => verdict ?? []);
    return { runId: id, ...run, verdict: verdicts.length > 0 ? worstVerdict(verdicts) : null };
  });
}

function neighbours(runbooks: Runbooks, slug: string, locale: Locale) {
  const all = [...runbooks.values()];
  const at = all.findIndex((runbook) => runbook.slug === slug);
  const link = (runbook: (typeof all)[number] | undefined) =>
    runbook ? { slug: runbook.slug, title: runbook.texts[locale].meta.title } : null;
  return { previous: link(all[at - 1]), next: link(all[at + 1]) };
}
