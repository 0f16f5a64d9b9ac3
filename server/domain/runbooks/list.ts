import type { z } from "zod";
import type { RunbookSummary, runbookListInputSchema } from "#common/contracts/runbook.ts";
import { worstVerdict } from "#common/verdict.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import type { LoadedRunbook, Runbooks } from "./load-runbooks.ts";
import { searchRunbooks } from "./search.ts";
import { lastProvenOf, readStates } from "./states.ts";

type Input = z.output<typeof runbookListInputSchema>;

/** Runbooks in the order of the catalogue or, when searched for, best first. */
export async function listRunbooks({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: Input;
}): Promise<RunbookSummary[]> {
  const chosen = input.cluster === undefined ? null : await findCluster(ctx, input.cluster);
  const { clusters, states } = await readStates(ctx);
  return select(await runbooksOf(ctx), input).map((runbook) => {
    const { sources: _, ...meta } = runbook.texts[input.locale].meta;
    const own = states.filter((state) => meta.checks.includes(state.checkId));
    const here = own.filter((state) => state.clusterId === chosen?.id).map((state) => state.verdict);
    return {
      ...meta,
      slug: runbook.slug,
      own: runbook.own ?? false,
      verdict: here.length > 0 ? worstVerdict(here) : null,
      lastProven: lastProvenOf(own, clusters),
    };
  });
}

function select(runbooks: Runbooks, { q, tag }: Input): LoadedRunbook[] {
  const query = q?.trim();
  const found = query
    ? searchRunbooks(runbooks, query).flatMap((slug) => runbooks.get(slug) ?? [])
    : [...runbooks.values()];
  return tag ? found.filter((runbook) => hasTag(runbook, tag)) : found;
}

/** In either language: a shared link keeps its meaning for a reader of the other. */
function hasTag({ texts }: LoadedRunbook, tag: string): boolean {
  return texts.en.meta.tags.includes(tag) || texts["zh-CN"].meta.tags.includes(tag);
}
