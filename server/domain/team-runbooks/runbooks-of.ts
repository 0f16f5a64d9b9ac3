import type { TeamContext } from "../context.ts";
import { loadRunbooks, type Runbooks } from "../runbooks/load-runbooks.ts";
import { loadTeamRunbooks, toLoaded } from "./load.ts";

const mostTeams = 100;
type Merged = { builtIn: Runbooks; signature: string; runbooks: Runbooks };
/** Kept so that what is made of a set of runbooks, such as the index of its words, is not made for every request. */
const merged = new Map<string, Merged>();

/** All that a team reads: the product's runbooks and then its own. */
export async function runbooksOf({ db, team }: Pick<TeamContext, "db" | "team">): Promise<Runbooks> {
  const builtIn: Runbooks = await loadRunbooks();
  const entries = await loadTeamRunbooks(db, team.id);
  if (entries.length === 0) return builtIn;
  const signature = entries.map(({ runbook }) => `${runbook.slug} ${runbook.number}`).join("\n");
  const known = merged.get(team.id);
  if (known?.builtIn === builtIn && known.signature === signature) return known.runbooks;
  const last = Math.max(0, ...[...builtIn.values()].map(({ texts }) => texts.en.meta.number));
  const own = entries.flatMap((entry, index) => toLoaded(entry, last + index + 1) ?? []);
  // A runbook of the product that takes a team's address later leaves the team its own.
  const runbooks = new Map([...builtIn, ...own.map((each) => [each.slug, each] as const)]);
  if (merged.size >= mostTeams) merged.clear();
  merged.set(team.id, { builtIn, signature, runbooks });
  return runbooks;
}
