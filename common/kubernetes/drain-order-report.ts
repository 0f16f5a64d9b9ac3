import type { DrainObstacle, DrainOrderQuestion, DrainOrderReport } from "../contracts/drain.ts";
import type { DrainCluster } from "./drain-cluster.ts";
import type { DrainFacts } from "./drain-facts.ts";
import { drainOrder, zoneOf } from "./drain-order.ts";
import type { Obstacle } from "./drain-reasons.ts";
import { sampleOf } from "./drain-report.ts";

/** The order in which nodes can go, in the words of a report. The clock is the caller's. */
export function drainOrderReport(
  facts: DrainFacts,
  { which, find, ...options }: DrainOrderQuestion,
  nowMs: () => number,
): DrainOrderReport {
  const startMs = nowMs();
  const nodes = facts.nodes.flatMap(({ name, controlPlane }, index) =>
    (which === "all" || !controlPlane) && name.includes(find) ? [index] : [],
  );
  const { batches, blocked, state } = drainOrder(facts, { ...options, nodes });
  const { cluster } = state;
  const nameOf = (node: number) => cluster.nodes[node]?.name ?? "";
  const factsAt = (pods: readonly number[]) => pods.flatMap((index) => cluster.pods[index]?.facts ?? []);
  return {
    nodes: nodes.length,
    moves: batches.reduce((sum, { run }) => sum + run.moves.length, 0),
    batches: batches.map(({ nodes: batch, run }) => ({
      nodes: batch.map(nameOf),
      zone: [...new Set(batch.map((node) => zoneOf(cluster.nodes[node]?.labels ?? {})))].join(", "),
      ...{ evicted: run.moves.length, waves: run.waves },
      waiting: sampleOf(factsAt(run.homeless)),
      lost: sampleOf(factsAt(run.lost)),
      scratch: factsAt(run.moves.map(({ pod }) => pod)).filter((pod) => pod.scratch).length,
    })),
    blocked: blocked.map(({ node, obstacles }) => ({
      node: nameOf(node),
      obstacles: obstacles.map((obstacle) => obstacleOf(cluster, obstacle)),
    })),
    tookMs: nowMs() - startMs,
  };
}

function obstacleOf(
  cluster: DrainCluster,
  { code, certain, service, budget, pods }: Obstacle,
): DrainObstacle {
  const named = service === undefined ? cluster.budgets[budget ?? -1] : cluster.services[service];
  return {
    ...{ code, certain, namespace: named?.namespace ?? "", name: named?.name ?? "" },
    rule: named && "rule" in named ? named.rule : "",
    pods: sampleOf(pods.flatMap((index) => cluster.pods[index]?.facts ?? [])),
  };
}
