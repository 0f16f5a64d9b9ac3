import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { z } from "zod";
import type { DrainSource } from "#common/contracts/drain.ts";
import type { DrainFacts } from "#common/kubernetes/drain-facts.ts";
import type { OwnerOf } from "#common/kubernetes/drain-report.ts";
import { reasonSchema } from "#common/result.ts";
import { drainFactsOf } from "#server/checks/needs/drain.ts";
import { isUnread, type Unread } from "#server/checks/needs/need.ts";
import { type OwnedObject, ownerResolver } from "#server/checks/needs/owners.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";

const unzip = promisify(zstdDecompress);

/** Each reads all that a drain needs to know. */
export const drainChecks = ["kubernetes/eviction-availability", "kubernetes/node-upgrades"] as const;

export type ReadDrain = { source: DrainSource; facts: DrainFacts; ownerOf: OwnerOf };

const list = z.array(z.looseObject({}));
const unread = z.object({ unread: reasonSchema });
const required = z.object({ nodes: list, pods: list, services: list, budgets: list });
const storedSchema = z.object({
  observedAt: z.iso.datetime().transform((text) => new Date(text)),
  needs: required.extend({
    volumes: z.union([list, unread]),
    replicaSets: z.union([list, unread]),
    jobs: z.union([list, unread]),
  }),
});

/** The last ones asked for, since a person who tries things out asks for the same again and again. */
let kept: { key: string; read: ReadDrain } | null = null;

/**
 * The facts of the newest result on a cluster that read all that a drain depends on; null where there is none. Nothing
 * is asked of the cluster itself.
 */
export async function readDrainFacts(ctx: TeamContext, slug: string): Promise<ReadDrain | null> {
  const cluster = await findCluster(ctx, slug);
  const states = await ctx.db.checkState.findMany({
    where: { teamId: ctx.team.id, clusterId: cluster.id, checkId: { in: [...drainChecks] } },
    orderBy: { checkedAt: "desc" },
    take: 10,
  });
  for (const { runId, resultId, checkedBy } of states) {
    const read = await readResult(ctx, { runId, resultId, by: checkedBy });
    if (read) return read;
  }
  return null;
}

async function readResult(
  ctx: TeamContext,
  { runId, resultId, by }: { runId: string; resultId: string; by: string },
): Promise<ReadDrain | null> {
  const result = await ctx.db.result.findFirst({
    where: { runId, id: resultId, teamId: ctx.team.id },
    select: { factsRunId: true, factsResultId: true },
  });
  if (!result) return null;
  const of = { runId: result.factsRunId ?? runId, resultId: result.factsResultId ?? resultId };
  const source = await ctx.db.result.findFirst({
    where: { runId: of.runId, id: of.resultId, teamId: ctx.team.id },
    select: { id: true },
  });
  if (!source) return null;
  const key = `${of.runId} ${of.resultId}`;
  if (kept?.key === key) return { ...kept.read, source: { ...kept.read.source, by, runId } };
  const facts = await ctx.db.facts.findUnique({ where: { runId_resultId: of } });
  if (!facts) return null;
  const text = await unzip(facts.data, { maxOutputLength: Math.max(1, facts.byteLength) });
  const stored = storedSchema.safeParse(JSON.parse(text.toString("utf8")));
  if (!stored.success) return null;
  const read = {
    ...understood(stored.data.needs),
    source: { by, runId, observedAt: stored.data.observedAt },
  };
  const whole = { ...read, source: { ...read.source, volumesUnread: isUnread(stored.data.needs.volumes) } };
  kept = { key, read: whole };
  return whole;
}

type Needs = z.output<typeof storedSchema>["needs"];
type Picked = Parameters<typeof drainFactsOf>[0] & {
  replicaSets: OwnedObject[] | Unread;
  jobs: OwnedObject[] | Unread;
};

/** What the picks of drainNeeds made: the engine stored it, and nothing else writes facts. */
function understood(needs: Needs): { facts: DrainFacts; ownerOf: OwnerOf } {
  const picked = needs as unknown as Picked;
  return { facts: drainFactsOf(picked), ownerOf: ownerResolver(picked) };
}
