import type { HostMatrix } from "#common/contracts/across.ts";
import type { Verdict } from "#common/verdict.ts";
import type { TeamContext } from "../context.ts";
import { clusterNames, findRun } from "./find-run.ts";

const mostRows = 200;

type Said = {
  resultId: string;
  clusterId: string;
  checkId: string;
  target: string;
  targetName: string;
  verdict: Verdict;
  signature: string;
};
type Check = HostMatrix["checks"][number];
type Row = HostMatrix["rows"][number];

/** Every host check of a run against what most of its hosts say: a thousand hosts as the few that are not alike. */
export async function readHostMatrix({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string };
}): Promise<HostMatrix> {
  const run = await findRun(ctx, input.runId);
  const said = await readSaid(ctx, run.id);
  const names = await clusterNames(ctx, run.clusterIds);
  const common = new Map<string, Said>();
  const checks: Check[] = [];
  for (const [checkId, all] of Map.groupBy(said, (each) => each.checkId)) {
    const { most, hosts } = majorityOf(all);
    common.set(checkId, most);
    const differing = all.filter((each) => differs(each, most) !== null).length;
    checks.push({ checkId, hosts: all.length, differing, majority: { verdict: most.verdict, hosts } });
  }
  const hosts = Map.groupBy(said, ({ clusterId, target }) => `${clusterId} ${target}`);
  const rows = [...hosts.values()].map((own) => toRow(own, common, (id) => names.get(id)?.slug ?? id));
  const count = ({ cells }: Row) => cells.filter((cell) => cell.differs !== null).length;
  const differing = rows.filter((row) => count(row) > 0);
  return {
    hosts: hosts.size,
    differing: differing.length,
    checks,
    rows: differing.sort((a, b) => count(b) - count(a)).slice(0, mostRows),
  };
}

/** One row a result: what kinds of faults were found there. Of what, is each host's own: groups, devices, processes. */
function readSaid(ctx: TeamContext, runId: string): Promise<Said[]> {
  return ctx.db.$queryRaw<Said[]>`
    SELECT r.id AS "resultId", r."clusterId", r."checkId", r.target, r."targetName", r.verdict::text AS verdict,
      coalesce(string_agg(DISTINCT f.code || ' ' || f.verdict::text, ','), '') AS signature
    FROM result r LEFT JOIN finding f ON f."runId" = r."runId" AND f."resultId" = r.id AND f.verdict <> 'pass'
    WHERE r."runId" = ${runId}::uuid AND r."teamId" = ${ctx.team.id}::uuid AND r."checkId" LIKE 'host/%'
      AND r.phase = 'done' AND r.target <> 'none'
    GROUP BY r."runId", r.id, r."clusterId", r."checkId", r.target, r."targetName", r.verdict, r.part, r.ordinal
    ORDER BY r."checkId", r.part, r.ordinal`;
}

/** What most say; of two that as many say, what was said first. */
function majorityOf(all: Said[]): { most: Said; hosts: number } {
  const alike = [...Map.groupBy(all, ({ verdict, signature }) => `${verdict} ${signature}`).values()];
  const [largest = all] = alike.sort((a, b) => b.length - a.length);
  const [most] = largest;
  if (!most) throw new Error("a check of no host has no majority");
  return { most, hosts: largest.length };
}

function differs(one: Said, most: Said): "verdict" | "findings" | null {
  if (one.verdict !== most.verdict) return "verdict";
  return one.signature === most.signature ? null : "findings";
}

function toRow(own: Said[], common: Map<string, Said>, slugOf: (clusterId: string) => string): Row {
  const [first] = own;
  return {
    cluster: slugOf(first?.clusterId ?? ""),
    target: first?.target ?? "",
    name: first?.targetName ?? "",
    cells: own.map((each) => {
      const most = common.get(each.checkId);
      const { checkId, resultId, verdict } = each;
      return { checkId, resultId, verdict, differs: most ? differs(each, most) : null };
    }),
  };
}
