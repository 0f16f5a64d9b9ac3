// How many runs are accepted in a second, and how long one waits until a worker begins it.
import { setTimeout as wait } from "node:timers/promises";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { percentile, type Row, row } from "./report.ts";
import { createWorld, plainChecks, type World } from "./world.ts";

const accepted = 200;
/** people who click at the same moment */
const callers = 20;
const spaced = 40;

export async function queue(options: { rounds: number; log: (line: string) => void }): Promise<Row[]> {
  const practice = await startPracticeCluster({ nodes: 6, pods: 120 });
  try {
    return [...(await withWorkers(1, practice, options)), ...(await withWorkers(3, practice, options))];
  } finally {
    await practice.close();
  }
}

async function withWorkers(
  count: number,
  practice: PracticeCluster,
  options: { rounds: number; log: (line: string) => void },
): Promise<Row[]> {
  const world = await createWorld();
  const rate: number[] = [];
  const latency: number[] = [];
  const drained: number[] = [];
  try {
    const cluster = await world.register("Small", practice.kubeconfig.viewer);
    await world.startWorkers(count);
    await startLatencies(world, cluster, 5);
    for (let round = 1; round <= options.rounds; round += 1) {
      latency.push(percentile(await startLatencies(world, cluster, spaced), 95));
      const began = performance.now();
      const lanes = Array.from({ length: callers }, () => startSome(world, cluster, accepted / callers));
      const runs = (await Promise.all(lanes)).flat();
      rate.push(accepted / ((performance.now() - began) / 1000));
      await Promise.all(runs.map((runId) => allEnded(world, runId)));
      drained.push(accepted / ((performance.now() - began) / 1000));
      options.log(
        `${count} worker(s), round ${round}: ${rate.at(-1)?.toFixed(0)}/s accepted, ${drained.at(-1)?.toFixed(0)}/s done, start p95 ${latency.at(-1)?.toFixed(0)} ms`,
      );
    }
  } finally {
    await world.close();
  }
  const of = `${count} worker${count === 1 ? "" : "s"}`;
  return [
    row("queue", `runs accepted, ${of}`, "/s", rate),
    row("queue", `runs carried out to the end, ${of}`, "/s", drained),
    row("queue", `from accepted to begun, p95, ${of}`, "ms", latency),
  ];
}

function startOne(world: World, cluster: string): Promise<string> {
  return world.start([cluster], plainChecks("kubernetes").slice(0, 1));
}

async function startSome(world: World, cluster: string, count: number): Promise<string[]> {
  const runs: string[] = [];
  for (let each = 0; each < count; each += 1) runs.push(await startOne(world, cluster));
  return runs;
}

async function allEnded({ instance }: World, runId: string): Promise<void> {
  for (;;) {
    const run = await instance.db.run.findUniqueOrThrow({ where: { id: runId }, select: { endedAt: true } });
    if (run.endedAt) return;
    await wait(100);
  }
}

/** One run after the other on an idle worker, in ms. */
async function startLatencies(world: World, cluster: string, runs: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let each = 0; each < runs; each += 1) {
    const run = await world.ended(await startOne(world, cluster));
    latencies.push((run.startedAt?.getTime() ?? Number.NaN) - run.createdAt.getTime());
  }
  return latencies;
}
