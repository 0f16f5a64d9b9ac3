// All Kubernetes checks over a large cluster, against a loop that only fetches and parses the same pages.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { startRun } from "#server/domain/runs/start.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { startWorkerProcess } from "#testing/worker-process.ts";
import { cpuMs, forgetPeak, peakMiB, residentMiB } from "./process.ts";
import { type Row, row } from "./report.ts";
import { runEnded } from "./run-ended.ts";

const run = promisify(execFile);
const parallel = 4;

export async function gather(options: {
  rounds: number;
  log: (line: string) => void;
  nodes: number;
  pods: number;
  /** above the idle worker */
  mostMiB: number;
}): Promise<Row[]> {
  const { rounds, log, nodes, pods } = options;
  const name = `gather-${pods / 1000}k`;
  const practice = await startPracticeCluster({ nodes, pods });
  const instance = await createTestInstance();
  const ctx = await instance.member(await instance.team(), "admin");
  const cluster = await register(ctx, practice);
  const worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  const pid = worker.child.pid ?? 0;
  const idleMiB = residentMiB(pid);
  const seen = { wall: [] as number[], cpu: [] as number[], memory: [] as number[], bareMs: [] as number[] };
  try {
    // The first round warms up both sides and the server, and counts for nothing.
    for (let round = 0; round <= rounds; round += 1) {
      const bare = await bareLoop(practice);
      const before = practice.requests.length;
      forgetPeak(pid);
      const cpuBefore = cpuMs(pid);
      const ours = await oneRun({ instance, ctx, cluster });
      const cpuSpent = cpuMs(pid) - cpuBefore;
      assertOneListPerKind(practice, before);
      log(
        `${round === 0 ? "warm-up" : `round ${round}`}: bare ${bare.wallMs.toFixed(0)} ms, ours ${ours.toFixed(0)} ms`,
      );
      if (round === 0) continue;
      seen.wall.push(ours / bare.wallMs);
      seen.cpu.push(cpuSpent / bare.cpuMs);
      seen.memory.push(peakMiB(pid) - idleMiB);
      seen.bareMs.push(bare.wallMs);
    }
  } finally {
    await worker.stop();
    await instance.close();
    await practice.close();
  }
  return [
    row(name, "wall, ours ÷ bare loop", "×", seen.wall, { most: 1.3 }),
    row(name, "CPU of the worker ÷ CPU of the bare loop", "×", seen.cpu),
    row(name, `worker's peak above idle (${idleMiB.toFixed(0)} MiB)`, "MiB", seen.memory, {
      most: options.mostMiB,
    }),
    row(name, "the bare loop", "ms", seen.bareMs),
  ];
}

async function register(ctx: TeamContext, practice: PracticeCluster): Promise<string> {
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  const { slug } = await connectCluster({ ctx, input: { name: "Large", production: false, source } });
  return slug;
}

async function oneRun(at: { instance: TestInstance; ctx: TeamContext; cluster: string }): Promise<number> {
  const started = performance.now();
  const { runId } = await startRun({
    ctx: at.ctx,
    input: {
      clusters: [at.cluster],
      runbook: null,
      checks: checks.filter(isListed).map(({ id }) => ({ id, params: {} })),
      confirmActive: [],
      idempotencyKey: randomUUID(),
    },
  });
  const ended = await runEnded(at.instance, runId);
  if (ended.status !== "done") throw new Error(`the run ended as ${ended.status}`);
  return performance.now() - started;
}

/** Checks that can be asked without a parameter and change nothing. */
function isListed({ target, effect, params }: (typeof checks)[number]): boolean {
  return target === "kubernetes" && effect === "read" && params.safeParse({}).success;
}

function listPaths(): string[] {
  const paths = checks.filter(isListed).flatMap((check) =>
    Object.values(check.needs(check.params.parse({}))).flatMap((need) => {
      if (need.type !== "kubernetes.list") return [];
      const { group, version, resource } = need.kind;
      return `${group === "" ? `/api/${version}` : `/apis/${group}/${version}`}/${resource}`;
    }),
  );
  return [...new Set(paths)];
}

async function bareLoop(practice: PracticeCluster): Promise<{ wallMs: number; cpuMs: number }> {
  const kubeconfig = parse(practice.kubeconfig.viewer) as { users: { user: { token: string } }[] };
  const token = kubeconfig.users[0]?.user.token;
  const order = { server: practice.url, caPem: practice.caPem, token, paths: listPaths(), parallel };
  const script = join(import.meta.dirname, "bare/list-pages.ts");
  const { stdout } = await run(process.execPath, [script, JSON.stringify(order)]);
  return JSON.parse(stdout) as { wallMs: number; cpuMs: number };
}

/** However many checks want a kind, its first page is asked for once. */
function assertOneListPerKind(practice: PracticeCluster, from: number): void {
  const firstPages = practice.requests
    .slice(from)
    .filter(({ query }) => query.includes("limit=") && !query.includes("continue="))
    .map(({ path, query }) => `${path}?${query}`);
  const twice = firstPages.filter((page, index) => firstPages.indexOf(page) !== index);
  if (twice.length > 0) throw new Error(`listed more than once: ${twice.join(", ")}`);
}
