import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { writeTruth } from "./truth.ts";

const usage = `Usage: node sandbox/main.ts --state-dir DIR [--host 127.0.0.1] [--port 0] [--nodes 6] [--pods 120]
       [--seed 1] [--faults id,id] [--truth FILE] [--latency-ms 0] [--exit-with-parent]`;

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      options: {
        "exit-with-parent": { type: "boolean", default: false },
        faults: { type: "string" },
        help: { type: "boolean", default: false },
        host: { type: "string", default: "127.0.0.1" },
        "latency-ms": { type: "string", default: "0" },
        nodes: { type: "string", default: "6" },
        pods: { type: "string", default: "120" },
        port: { type: "string", default: "0" },
        seed: { type: "string", default: "1" },
        "state-dir": { type: "string" },
        truth: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}

async function start(): Promise<PracticeCluster | undefined> {
  const values = readArguments();
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const stateDir = values["state-dir"];
  if (stateDir === undefined) throw new UsageError(`--state-dir is missing.\n${usage}`);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const cluster = await startPracticeCluster({
    host: values.host,
    port: wholeNumber("port", values.port, 0, 65_535),
    nodes: wholeNumber("nodes", values.nodes, 1, 5_000),
    pods: wholeNumber("pods", values.pods, 0, 200_000),
    seed: wholeNumber("seed", values.seed, 0, 2 ** 32 - 1),
    latencyMs: wholeNumber("latency-ms", values["latency-ms"], 0, 60_000),
    stateDir,
    ...(values.faults !== undefined && { faults: values.faults.split(",").filter((id) => id !== "") }),
  });
  const secret = { mode: 0o600 };
  await writeFile(join(stateDir, "kubeconfig-viewer.yaml"), cluster.kubeconfig.viewer, secret);
  await writeFile(join(stateDir, "kubeconfig-admin.yaml"), cluster.kubeconfig.admin, secret);
  await writeFile(values.truth ?? join(stateDir, "truth.json"), writeTruth(cluster.truth));
  stopWith(cluster, values["exit-with-parent"]);
  console.log(JSON.stringify({ url: cluster.url, port: cluster.port }));
  return cluster;
}

function stopWith(cluster: PracticeCluster, parent: boolean): void {
  const stop = () => void cluster.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (parent) process.stdin.once("close", stop).once("end", stop).resume();
}

/** One sentence a person can act upon. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof RangeError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "The practice cluster cannot start: its port is already taken.";
  if (code === "EADDRNOTAVAIL")
    return "The practice cluster cannot start: this machine does not have that address.";
  if (path !== undefined && ["EACCES", "EROFS", "EPERM", "ENOTDIR", "EEXIST"].includes(code ?? "")) {
    return `The practice cluster cannot start: ${path} cannot be written (${code}).`;
  }
  return `The practice cluster cannot start: ${error.message}`;
}

start().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
