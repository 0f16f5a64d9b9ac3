// npm run bench: what the engine costs, as ratios to a bare loop doing the same I/O in the same run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "#scripts/embedded-postgres.ts";
import { fanOut } from "./fan-out.ts";
import { firstResult } from "./first-result.ts";
import { gather } from "./gather.ts";
import { history } from "./history/history.ts";
import { largeRun } from "./history/large-run.ts";
import { queue } from "./queue.ts";
import { describeMachine, type Row, table } from "./report.ts";
import { stuckTargets } from "./stuck-targets.ts";

export type BenchOptions = { rounds: number; log: (line: string) => void };
export type Bench = (options: BenchOptions) => Promise<Row[]>;

const benches: Record<string, Bench> = {
  gather: (options) => gather({ ...options, nodes: 1_000, pods: 20_000, mostMiB: 300 }),
  "gather-100k": (options) => gather({ ...options, nodes: 1_000, pods: 100_000, mostMiB: 450 }),
  "fan-out": (options) => fanOut({ ...options, hosts: 1_000 }),
  "fan-out-100": (options) => fanOut({ ...options, hosts: 100 }),
  "first-result": firstResult,
  history: (options) => history({ ...options, results: 1_000_000 }),
  "history-10m": (options) => history({ ...options, results: 10_000_000 }),
  "large-run": largeRun,
  "stuck-targets": stuckTargets,
  queue,
};

const usage = `npm run bench -- [names] [--rounds 5] [--json FILE]
Names: ${Object.keys(benches).join(", ")}; none means all but history-10m.`;

async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  if (process.env.TEST_DATABASE_URL) return work();
  const dataDir = mkdtempSync(join(tmpdir(), "weekbook-bench-"));
  const password = "bench";
  const server = await startEmbeddedPostgres({ dataDir, password, database: "postgres" });
  process.env.TEST_DATABASE_URL = server.url;
  try {
    return await work();
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      json: { type: "string" },
      rounds: { type: "string", default: "5" },
    },
  });
  const rounds = Number(values.rounds);
  const unknown = positionals.filter((name) => !(name in benches));
  if (values.help || unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const names =
    positionals.length > 0 ? positionals : Object.keys(benches).filter((name) => name !== "history-10m");
  const rows: Row[] = [];
  await withPostgres(async () => {
    for (const name of names) {
      console.error(`== ${name}`);
      const found = await benches[name]?.({ rounds, log: (line) => console.error(`   ${line}`) });
      rows.push(...(found ?? []));
    }
  });
  const machine = describeMachine();
  console.log(`\n${table(rows, machine)}`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}

await main();
