import type { Check } from "#server/checks/define-check.ts";
import { checks as builtIn } from "#server/checks/registry.gen.ts";
import type { Database } from "#server/db.ts";
import { commandOf } from "./command-of.ts";
import { loadTeamRunbooks } from "./load.ts";

/** Every check a team can run: the product's and its own. A command that no admin has approved is there but blocked. */
export async function libraryOf(
  { db, library = builtIn }: { db: Database; library?: readonly Check[] },
  teamId: string,
): Promise<readonly Check[]> {
  const entries = await loadTeamRunbooks(db, teamId);
  const written = entries.flatMap(({ runbook, read }) => read.checks.map((each) => ({ ...each, runbook })));
  if (written.length === 0) return library;
  const approvals = written.some(({ spec }) => commandOf(spec))
    ? await db.checkApproval.findMany({ where: { teamId } })
    : [];
  const approved = new Set(approvals.map((each) => keyOf(each.runbookId, each.checkId, each.contentHash)));
  const own = written.map(({ spec, hash, check, runbook }): Check => {
    const command = commandOf(spec);
    if (!command || approved.has(keyOf(runbook.id, spec.id, hash))) return check;
    return { ...check, blocked: { code: "not-approved", what: `run ${command.argv.join(" ")}` } };
  });
  return [...library, ...own];
}

function keyOf(...parts: [runbookId: string, checkId: string, contentHash: string]): string {
  return parts.join(" ");
}
