import type { Overview } from "#common/contracts/runbook.ts";
import { noCounts } from "#common/result.ts";
import type { Locale } from "#common/text.ts";
import { compareVerdicts, worstVerdict } from "#common/verdict.ts";
import type { CheckState } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { TeamContext } from "../context.ts";
import type { Runbooks } from "../runbooks/load-runbooks.ts";
import { readStates } from "../runbooks/states.ts";
import { toCounts } from "../runs/views.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const mostChanges = 20;

type Cell = Overview["rows"][number]["cells"][number];
type Cluster = Awaited<ReturnType<typeof readStates>>["clusters"][number];

/** Where everything stands, from the newest verdicts alone: history is not scanned. */
export async function getOverview({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { locale: Locale };
}): Promise<Overview> {
  const since = new Date(ctx.now().getTime() - dayMs);
  const runbooks = await runbooksOf(ctx);
  const library = await libraryOf(ctx, ctx.team.id);
  const { clusters, states } = await readStates(ctx);
  const totals = { ...noCounts };
  for (const state of states) totals[state.verdict] += 1;
  return {
    clusters: clusters.map(({ slug, name, practice, production }) => ({ slug, name, practice, production })),
    rows: rowsOf(runbooks, { states, clusters, locale: input.locale }),
    changes: changesOf(runbooks, library, {
      states: states.filter((state) => state.changedAt >= since),
      clusters,
    }),
    totals,
    runsToday: await ctx.db.run.count({ where: { teamId: ctx.team.id, createdAt: { gte: since } } }),
  };
}

type Known = { states: CheckState[]; clusters: Cluster[] };

function rowsOf(runbooks: Runbooks, { states, clusters, locale }: Known & { locale: Locale }) {
  const rows = [...runbooks.values()].map(({ slug, texts }) => {
    const { title, week, checks: ids } = texts[locale].meta;
    const own = states.filter((state) => ids.includes(state.checkId));
    const cells = clusters.flatMap((cluster) => cellOf(own, cluster));
    return { runbook: slug, title, week, cells };
  });
  // Stable: runbooks with the same verdict stay in the order of the catalogue.
  return rows.sort((a, b) => compareVerdicts(worstOf(b.cells), worstOf(a.cells)));
}

function worstOf(cells: Cell[]) {
  return worstVerdict(cells.map((cell) => cell.verdict));
}

/** `states` are newest first; none on this cluster means no cell: never run there is not a verdict. */
function cellOf(states: CheckState[], cluster: Cluster): Cell[] {
  const here = states.filter((state) => state.clusterId === cluster.id);
  const [newest] = here;
  if (!newest) return [];
  const verdict = worstVerdict(here.map((state) => state.verdict));
  const counts = { ...noCounts };
  for (const state of here) {
    const own = toCounts(state.counts);
    for (const key of ["pass", "warn", "fail", "unknown", "skip"] as const) counts[key] += own[key];
  }
  // The run to open is the one that found the worst, not merely the newest.
  const runId = (here.find((state) => state.verdict === verdict) ?? newest).runId;
  return [{ cluster: cluster.slug, verdict, checkedAt: newest.checkedAt, runId, counts }];
}

function changesOf(
  runbooks: Runbooks,
  library: readonly Check[],
  { states, clusters }: Known,
): Overview["changes"] {
  const newestFirst = [...states].sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime());
  return newestFirst.slice(0, mostChanges).flatMap((state) => {
    const cluster = clusters.find((each) => each.id === state.clusterId);
    if (!cluster) return [];
    const runbook = [...runbooks.values()].find(({ texts }) => texts.en.meta.checks.includes(state.checkId));
    const check = library.find((each) => each.id === state.checkId);
    return {
      cluster: { slug: cluster.slug, name: cluster.name },
      runbook: runbook?.slug ?? null,
      checkId: state.checkId,
      checkTitle: check?.title ?? { en: state.checkId, "zh-CN": state.checkId },
      from: state.previousVerdict,
      to: state.verdict,
      at: state.changedAt,
      by: state.checkedBy,
      runId: state.runId,
    };
  });
}
