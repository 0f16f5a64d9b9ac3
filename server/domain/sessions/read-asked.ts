import type { SessionState } from "#common/contracts/runbook-session.ts";
import type { Check } from "#server/checks/define-check.ts";
import { createRedactor } from "#server/redact.ts";
import type { TeamContext } from "../context.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";

type Asked = SessionState["runs"][number]["checks"];
type Row = { id: string; checks: { id: string; params: Record<string, unknown> | null; agreed: boolean }[] };

const longestLine = 300;
const redactor = createRedactor([]);

/**
 * What each run asked on the session's cluster: its checks, with the parameters that are not the check's own defaults as
 * "name: value". Read without the documents that a selection may hold; what looks like a secret is blackened.
 */
export async function readAsked(
  ctx: TeamContext,
  { runIds, clusterId }: { runIds: string[]; clusterId: string },
): Promise<Map<string, Asked>> {
  if (runIds.length === 0) return new Map();
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT run.id, jsonb_agg(jsonb_build_object('id', one.asked -> 'id', 'agreed', one.asked -> 'confirmed' IS NOT NULL,
      'params', coalesce(one.asked -> 'on' -> ${clusterId} -> 'params', one.asked -> 'params')) ORDER BY one.place) AS checks
    FROM run, jsonb_array_elements(run.selection) WITH ORDINALITY AS one(asked, place)
    WHERE run."teamId" = ${ctx.team.id}::uuid AND run.id = ANY(${runIds}::uuid[])
    GROUP BY run.id`;
  const library = new Map((await libraryOf(ctx, ctx.team.id)).map((check) => [check.id, check]));
  const shown = (checks: Row["checks"]): Asked =>
    checks.map(({ id, params, agreed }) => ({ id, agreed, params: linesOf(library.get(id), params ?? {}) }));
  return new Map(rows.map(({ id, checks }) => [id, shown(checks)]));
}

/** Default by default, since a check with a required parameter has none as a whole. */
function linesOf(check: Check | undefined, params: Record<string, unknown>): string[] {
  const shape = check?.params.shape ?? {};
  const ownOf = (name: string): unknown =>
    Object.hasOwn(shape, name) ? shape[name]?.safeParse(undefined).data : undefined;
  return Object.entries(params)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(ownOf(name)))
    .map(([name, value]) => {
      const line = redactor.text(`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
      return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    });
}
