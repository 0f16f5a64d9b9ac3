// All Kubernetes checks over a large cluster, against a loop that only fetches and parses the same pages.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { cpuMs, forgetPeak, peakMiB, residentMiB } from "./process.ts";
import { type Row, row } from "./report.ts";
import { createWorld, plainChecks, type World } from "./world.ts";

const run = promisify(execFile);
const parallel = 4;
/** A page of a whole list, as against a question for the number of objects alone. */
const isPage = /\blimit=500\b/;

export async function gather(options: {
  rounds: number;
  log: (line: string) => void;
  nodes: number;
  pods: number;
  /** above the idle worker */
  mostMiB: number;
}): Promise<Row[]> {
  const { rounds, log, nodes, pods, mostMiB } = options;
  const name = `gather-${pods / 1000}k`;
  const practice = await startPracticeCluster({ nodes, pods });
  const world = await createWorld();
  const seen = { wall: [] as number[], cpu: [] as number[], memory: [] as number[], bareMs: [] as number[] };
  try {
    const cluster = await world.register("Large", practice.kubeconfig.viewer);
    const [worker] = await world.startWorkers(1);
    const pid = worker?.child.pid ?? 0;
    const idleMiB = residentMiB(pid);
    // The first round warms up both sides and the server, and counts for nothing.
    for (let round = 0; round <= rounds; round += 1) {
      const before = practice.requests.length;
      forgetPeak(pid);
      const cpuBefore = cpuMs(pid);
      const oursMs = await oneRun(world, cluster);
      const cpuSpent = cpuMs(pid) - cpuBefore;
      assertOneListPerKind(practice, before);
      const bare = await bareLoop(practice, listedSince(practice, before));
      const peak = peakMiB(pid) - idleMiB;
      const which = round === 0 ? "warm-up" : `round ${round}`;
      log(
        `${which}: bare ${bare.wallMs.toFixed(0)} ms (CPU ${bare.cpuMs.toFixed(0)}), ours ${oursMs.toFixed(0)} ms (CPU ${cpuSpent.toFixed(0)}), +${peak.toFixed(0)} MiB`,
      );
      seen.memory.push(peak);
      if (round === 0) continue;
      seen.wall.push(oursMs / bare.wallMs);
      seen.cpu.push(cpuSpent / bare.cpuMs);
      seen.bareMs.push(bare.wallMs);
    }
    return [
      row(name, "wall, ours ÷ bare loop", "×", seen.wall, { most: 1.3 }),
      row(name, "CPU of the worker ÷ CPU of the bare loop", "×", seen.cpu),
      row(name, `worker's peak above idle (${idleMiB.toFixed(0)} MiB)`, "MiB", seen.memory, {
        most: mostMiB,
      }),
      row(name, "the bare loop", "ms", seen.bareMs),
    ];
  } finally {
    await world.close();
    await practice.close();
  }
}

/** From the start of the run until its end is in the database, in ms. */
async function oneRun(world: World, cluster: string): Promise<number> {
  const started = performance.now();
  const { status } = await world.ended(await world.start([cluster], plainChecks("kubernetes")));
  if (status !== "done") throw new Error(`the run ended as ${status}`);
  return performance.now() - started;
}

/** What our run listed: kinds that this cluster does not serve are nobody's work. */
function listedSince(practice: PracticeCluster, from: number): string[] {
  const lists = practice.requests
    .slice(from)
    .filter(({ query, status }) => isPage.test(query) && status === 200);
  return [...new Set(lists.map(({ path }) => path))];
}

async function bareLoop(
  practice: PracticeCluster,
  paths: string[],
): Promise<{ wallMs: number; cpuMs: number }> {
  const kubeconfig = parse(practice.kubeconfig.viewer) as { users: { user: { token: string } }[] };
  const token = kubeconfig.users[0]?.user.token;
  const order = { server: practice.url, caPem: practice.caPem, token, paths, parallel };
  const script = join(import.meta.dirname, "bare/list-pages.ts");
  const { stdout } = await run(process.execPath, [script, JSON.stringify(order)]);
  return JSON.parse(stdout) as { wallMs: number; cpuMs: number };
}

/** However many checks want a kind, its first page is asked for once. */
function assertOneListPerKind(practice: PracticeCluster, from: number): void {
  const firstPages = practice.requests
    .slice(from)
    .filter(({ query }) => isPage.test(query) && !query.includes("continue="))
    .map(({ path, query }) => `${path}?${query}`);
  const twice = firstPages.filter((page, index) => firstPages.indexOf(page) !== index);
  if (twice.length > 0) throw new Error(`listed more than once: ${twice.join(", ")}`);
}
