// Each filter of the history, and what a person would write in SQL for the same page.
import type { RunFilter } from "#common/contracts/run.ts";

export type Case = {
  name: string;
  filter: RunFilter;
  /** the condition of the same page of runs, with values from $2 on */
  runs: string;
  /** and of results */
  results: string;
  values: unknown[];
};

const dayMs = 24 * 60 * 60 * 1_000;

/** `check` is asked often enough to fill a page, like all of them; `person` is a member. */
export function casesOf({
  check,
  runbook,
  now,
  tsqueryOf,
}: {
  check: string;
  runbook: string;
  now: number;
  /** what stands for words: the search looks titles of checks up as well */
  tsqueryOf: (text: string) => string;
}): Case[] {
  const cluster = `(SELECT id FROM cluster WHERE "teamId" = $1 AND slug = $2)`;
  const found = (words: string) =>
    `EXISTS (SELECT FROM result_text w WHERE w."runId" = run.id AND w.words @@ ${words})`;
  const foundIn = (words: string) =>
    `EXISTS (SELECT FROM result_text w WHERE w."runId" = r."runId" AND w."resultId" = r.id AND w.words @@ ${words})`;
  const ofCheck = `EXISTS (SELECT FROM result r WHERE r."runId" = run.id AND r."teamId" = $1 AND r."checkId" = $2)`;
  const from = new Date(now - 200 * dayMs);
  const to = new Date(now - 193 * dayMs);
  const word = (name: string, text: string): Case => ({
    ...{ name, filter: { text }, values: [tsqueryOf(text)] },
    ...{ runs: found("$2::tsquery"), results: foundIn("$2::tsquery") },
  });
  return [
    { name: "no filter", filter: {}, runs: "true", results: "true", values: [] },
    {
      ...{ name: "cluster", filter: { cluster: "cluster-40" }, values: ["cluster-40"] },
      runs: `EXISTS (SELECT FROM run_part p WHERE p."runId" = run.id AND p."teamId" = $1 AND p."clusterId" = ${cluster})`,
      results: `r."clusterId" = ${cluster}`,
    },
    {
      ...{ name: "runbook", filter: { runbook }, values: [runbook] },
      ...{ runs: "run.runbook = $2", results: "run.runbook = $2" },
    },
    {
      ...{ name: "check", filter: { check }, values: [check] },
      ...{ runs: ofCheck, results: `r."checkId" = $2` },
    },
    {
      ...{ name: "verdict", filter: { verdict: "unknown" }, values: ["unknown"] },
      ...{ runs: "run.verdict = $2::verdict", results: "r.verdict = $2::verdict" },
    },
    {
      ...{ name: "person", filter: { person: "bench-11" }, values: ["bench-11"] },
      ...{ runs: `run."requestedById" = $2`, results: `run."requestedById" = $2` },
    },
    {
      ...{ name: "a week, half a year ago", filter: { from, to }, values: [from, to] },
      runs: "run.id >= weekbook_first_uuid_at($2) AND run.id < weekbook_first_uuid_at($3)",
      results: `r."runId" >= weekbook_first_uuid_at($2) AND r."runId" < weekbook_first_uuid_at($3)`,
    },
    word("a common word", "throttled"),
    word("two words, Chinese and English", "限流 app"),
    word("a rare word", "ledger"),
    word("a word that nobody said", "nowhere"),
    {
      ...{ name: "cluster, check and verdict", filter: { cluster: "cluster-7", check, verdict: "fail" } },
      ...{ values: ["cluster-7", check] },
      runs: `run.verdict = 'fail' AND EXISTS (SELECT FROM result r WHERE r."runId" = run.id AND r."teamId" = $1
        AND r."checkId" = $3 AND r."clusterId" = ${cluster})`,
      results: `r.verdict = 'fail' AND r."checkId" = $3 AND r."clusterId" = ${cluster}`,
    },
    {
      ...{ name: "cluster and word", filter: { cluster: "cluster-30", text: "throttled" } },
      values: ["cluster-30", tsqueryOf("throttled")],
      runs: `EXISTS (SELECT FROM result_text w JOIN result r ON r."runId" = w."runId" AND r.id = w."resultId"
        WHERE w."runId" = run.id AND r."clusterId" = ${cluster} AND w.words @@ $3::tsquery)`,
      results: `r."clusterId" = ${cluster} AND ${foundIn("$3::tsquery")}`,
    },
  ];
}

/** A page of runs by hand: what the table shows, in one statement. */
export function runsByHand(condition: string): string {
  return `
    SELECT run.id, run.runbook, run."requestedBy", run.status, run.verdict, run.counts, run.cost, run."createdAt",
      run."startedAt", run."endedAt", jsonb_path_query_array(run.selection, '$[*].id') AS checks,
      (SELECT array_agg(c.name) FROM cluster c WHERE c.id = ANY(run."clusterIds")) AS clusters
    FROM run WHERE run."teamId" = $1 AND ${condition} ORDER BY run.id DESC LIMIT 51`;
}

export function resultsByHand(condition: string): string {
  return `
    SELECT r.id, r."runId", r."checkId", r."targetName", r.verdict, r.counts, run."requestedBy", c.name
    FROM result r JOIN run ON run.id = r."runId" JOIN cluster c ON c.id = r."clusterId"
    WHERE r."teamId" = $1 AND ${condition} ORDER BY r."runId" DESC, r.id DESC LIMIT 51`;
}
