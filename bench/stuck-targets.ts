// Twenty clusters in one run, of which one accepts connections and never answers: what the others wait for it.
import { createServer } from "node:net";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { median, percentile, type Row, row } from "./report.ts";
import { createWorld, plainChecks, type World } from "./world.ts";

const healthy = 19;

export async function stuckTargets(options: { rounds: number; log: (line: string) => void }): Promise<Row[]> {
  const clusters: PracticeCluster[] = [];
  for (let seed = 1; seed <= healthy; seed += 1) {
    clusters.push(await startPracticeCluster({ nodes: 6, pods: 120, seed }));
  }
  const dead = createServer(() => {});
  await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", resolve));
  const world = await createWorld();
  const ratios = { all: [] as number[], median: [] as number[] };
  const answered: number[] = [];
  try {
    const alive: string[] = [];
    for (const [index, { kubeconfig }] of clusters.entries()) {
      alive.push(await world.register(`Cluster ${index + 1}`, kubeconfig.viewer));
    }
    const stuck = await world.register("Stuck", stuckKubeconfig(clusters, dead.address()));
    await world.startWorkers(1);
    await timesOf(world, alive);
    for (let round = 1; round <= options.rounds; round += 1) {
      const alone = await timesOf(world, alive);
      // What is known of the dead one from the round before would make it easy.
      await world.instance.db.targetBreaker.deleteMany();
      // It stands first in the queue.
      const beside = await timesOf(world, [stuck, ...alive]);
      ratios.all.push(percentile(beside.others, 100) / percentile(alone.others, 100));
      ratios.median.push(median(beside.others) / median(alone.others));
      const again = await timesOf(world, [stuck, ...alive]);
      answered.push(again.stuckMs);
      options.log(
        `round ${round}: alone ${percentile(alone.others, 100).toFixed(0)} ms, beside it ${percentile(beside.others, 100).toFixed(0)} ms`,
      );
    }
  } finally {
    await world.close();
    dead.close();
    await Promise.all(clusters.map((cluster) => cluster.close()));
  }
  return [
    row("stuck-targets", "19 clusters beside a dead one ÷ alone, the last", "×", ratios.all, { most: 1.2 }),
    row("stuck-targets", "the same, the median cluster", "×", ratios.median),
    row("stuck-targets", "a target known to be dead is answered within", "ms", answered, { most: 1_000 }),
  ];
}

/** From the start of the run until a part ended, in ms. The stuck cluster is the first where there are twenty. */
async function timesOf(world: World, clusters: string[]): Promise<{ others: number[]; stuckMs: number }> {
  const run = await world.ended(await world.start(clusters, plainChecks("kubernetes")));
  const since = run.createdAt.getTime();
  const times = run.parts
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map((part) => ({
      tookMs: (part.endedAt?.getTime() ?? Number.NaN) - since,
      workedMs: (part.endedAt?.getTime() ?? Number.NaN) - (part.startedAt?.getTime() ?? Number.NaN),
    }));
  const hasStuck = clusters.length > healthy;
  const others = times.slice(hasStuck ? 1 : 0).map(({ tookMs }) => tookMs);
  return { others, stuckMs: hasStuck ? (times[0]?.workedMs ?? Number.NaN) : 0 };
}

function stuckKubeconfig(clusters: PracticeCluster[], address: unknown): string {
  const [first] = clusters;
  const { port } = address as { port: number };
  return (first?.kubeconfig.viewer ?? "").replace(/https:\/\/127\.0\.0\.1:\d+/, `https://127.0.0.1:${port}`);
}
