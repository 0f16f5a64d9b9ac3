import type { Overview } from "#common/contracts/runbook.ts";
import { noCounts } from "#common/result.ts";
import type { Locale } from "#common/text.ts";
import { compareVerdicts, worstVerdict } from "#common/verdict.ts";
import type { TeamContext } from "../context.ts";
import type { Runbooks } from "../runbooks/load-runbooks.ts";
import { readStates, type StateGroup } from "../runbooks/states.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import { readChanges } from "./changes.ts";
import { readStrips } from "./strips.ts";

const dayMs = 24 * 60 * 60 * 1_000;

type Cell = Overview["rows"][number]["cells"][number];
type Cluster = Awaited<ReturnType<typeof readStates>>["clusters"][number];

/** Where everything stands, from the newest verdicts alone; of the history, the last few runs on each cluster. */
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
  const [{ clusters, states }, strips] = await Promise.all([readStates(ctx), readStrips(ctx)]);
  const totals = { ...noCounts };
  for (const { verdict, targets } of states) totals[verdict] += targets;
  return {
    clusters: clusters.map(({ id, slug, name, practice, production }) => ({
      ...{ slug, name, practice, production },
      strip: strips.get(id) ?? [],
    })),
    rows: rowsOf(runbooks, { states, clusters, locale: input.locale }),
    changes: await readChanges(ctx, since, { clusters, runbooks, library }),
    totals,
    runsToday: await ctx.db.run.count({ where: { teamId: ctx.team.id, createdAt: { gte: since } } }),
  };
}

type Known = { states: StateGroup[]; clusters: Cluster[] };

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
function cellOf(states: StateGroup[], cluster: Cluster): Cell[] {
  const here = states.filter((state) => state.clusterId === cluster.id);
  const [newest] = here;
  if (!newest) return [];
  const verdict = worstVerdict(here.map((state) => state.verdict));
  const counts = { ...noCounts };
  for (const state of here) {
    for (const key of ["pass", "warn", "fail", "unknown", "skip"] as const) counts[key] += state.counts[key];
  }
  // The run to open is the one that found the worst, not merely the newest.
  const runId = (here.find((state) => state.verdict === verdict) ?? newest).runId;
  return [{ cluster: cluster.slug, verdict, checkedAt: newest.checkedAt, runId, counts }];
}
