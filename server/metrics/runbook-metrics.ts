import { type Counts, noCounts } from "#common/result.ts";
import { type Verdict, verdicts } from "#common/verdict.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import { loadRunbooks, type Runbooks } from "../domain/runbooks/load-runbooks.ts";
import { runbooksOf } from "../domain/team-runbooks/runbooks-of.ts";
import type { Metric } from "./exposition.ts";

type State = {
  teamId: string;
  team: string;
  teamName: string;
  cluster: string;
  checkId: string;
  verdict: Verdict;
  targets: number;
  checkedAt: number;
};
type Cell = { labels: { team: string; cluster: string; runbook: string }; counts: Counts; provenAt: number };

const mostStates = 100_000;

/** How every runbook stands on every cluster by the newest verdicts, and when it was last tried there. */
export async function runbookMetrics(db: Database, tx: DatabaseTransaction): Promise<Metric[]> {
  const states = await tx.$queryRaw<State[]>`
    SELECT t.id AS "teamId", t.slug AS team, t.name AS "teamName", c.slug AS cluster, s."checkId", s.verdict,
      count(*)::int AS targets, extract(epoch FROM max(s."checkedAt"))::float AS "checkedAt"
    FROM check_state s JOIN cluster c ON c.id = s."clusterId" JOIN team t ON t.id = s."teamId"
    WHERE c."removedAt" IS NULL
    GROUP BY t.id, c.id, s."checkId", s.verdict ORDER BY t.slug, c.slug, s."checkId" LIMIT ${mostStates}`;
  const namesOf = await runbooksByCheck(db, tx, states);
  const cells = new Map<string, Cell>();
  for (const state of states) {
    const { teamId, team, cluster, checkId, verdict, targets, checkedAt } = state;
    for (const runbook of namesOf(teamId, checkId)) {
      const labels = { team, cluster, runbook };
      const key = JSON.stringify(labels);
      const cell = cells.get(key) ?? { labels, counts: { ...noCounts }, provenAt: 0 };
      cells.set(key, cell);
      cell.counts[verdict] += targets;
      cell.provenAt = Math.max(cell.provenAt, checkedAt);
    }
  }
  const all = [...cells.values()];
  return [
    {
      ...{ name: "weekbook_checks", type: "gauge" },
      help: "Checks of a runbook on the targets of a cluster, by their newest verdict.",
      samples: all.flatMap(({ labels, counts }) =>
        verdicts.map((verdict) => ({ labels: { ...labels, verdict }, value: counts[verdict] })),
      ),
    },
    {
      ...{ name: "weekbook_last_proven_timestamp_seconds", type: "gauge", unit: "seconds" },
      help: "When a check of the runbook was last answered on the cluster, since 1970.",
      samples: all.map(({ labels, provenAt }) => ({ labels, value: provenAt })),
    },
  ];
}

/** Which runbooks a check is of, as its team reads them; of none is the empty name. */
async function runbooksByCheck(db: Database, tx: DatabaseTransaction, states: readonly State[]) {
  const builtIn = byCheck(await loadRunbooks());
  const writers = await tx.teamRunbook.findMany({ distinct: ["teamId"], select: { teamId: true } });
  const own = new Map<string, Map<string, string[]>>();
  for (const { teamId: id, team: slug, teamName: name } of states) {
    if (own.has(id) || !writers.some(({ teamId }) => teamId === id)) continue;
    own.set(id, byCheck(await runbooksOf({ db, team: { id, slug, name } })));
  }
  return (teamId: string, checkId: string) => (own.get(teamId) ?? builtIn).get(checkId) ?? [""];
}

function byCheck(runbooks: Runbooks): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { slug, texts } of runbooks.values()) {
    for (const check of texts.en.meta.checks) found.set(check, [...(found.get(check) ?? []), slug]);
  }
  return found;
}
