// Ten thousand results with findings through the recorder, against a bare COPY of the rows that it leaves.
import type pg from "pg";
import { noCounts } from "#common/result.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { firstIdAt } from "#server/domain/id-time.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { createRecorder } from "#server/jobs/recorder.ts";
import type { TestInstance } from "#testing/instance.ts";
import { makeRun } from "#testing/run-rows.ts";
import { type Row, row } from "../report.ts";

const results = 10_000;
const findingsEach = 3;
/** Half a minute each, on a quiet machine. */
const mostRounds = 2;
const tables = ["result", "finding", "measurement", "result_text", "facts"];

export async function measureWriting(
  instance: TestInstance,
  ctx: TeamContext,
  { rounds, log }: { rounds: number; log: (line: string) => void },
): Promise<Row[]> {
  const ratio: number[] = [];
  const rate: number[] = [];
  for (let round = 0; round < Math.min(rounds, mostRounds); round += 1) {
    const runId = await waitingRun(instance, ctx);
    const ours = await record(instance, runId);
    const bare = await copyAgain(instance.pool, runId, round);
    ratio.push(ours / bare);
    rate.push(results / (ours / 1_000));
    log(`writing, round ${round + 1}: recorder ${ours.toFixed(0)} ms, bare COPY ${bare.toFixed(0)} ms`);
  }
  return [
    row("history", `writing ${results} results, recorder ÷ bare COPY`, "×", ratio),
    row("history", "results written by the recorder", "/s", rate),
  ];
}

/** A run that is under way, with its questions. */
async function waitingRun({ db, pool }: TestInstance, ctx: TeamContext): Promise<string> {
  const teamId = ctx.team.id;
  const cluster = await db.cluster.findFirstOrThrow({ where: { teamId } });
  const started = { status: "running" as const, verdict: null, endedAt: null, createdAt: new Date() };
  const run = await makeRun({ db, teamId, clusterId: cluster.id }, started);
  await pool.query(
    `INSERT INTO result ("runId", id, "teamId", "clusterId", ordinal, "checkId", "checkVersion", target, "targetName")
     SELECT $1, gen_random_uuid(), $2, $3, n, 'host/example', 1, 'ssh:web/' || n, 'web-' || n FROM generate_series(1, $4::int) n`,
    [run.id, teamId, cluster.id, results],
  );
  return run.id;
}

async function record({ db }: TestInstance, runId: string): Promise<number> {
  const { run, ...part } = await db.runPart.findFirstOrThrow({ where: { runId }, include: { run: true } });
  const rows = await db.result.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
  const settled = rows.map((result) => ({ row: result, outcome: outcomeOf(result.target) }));
  const attempt = { run, part, number: part.attempt };
  const recorder = createRecorder({ db, attempt, goOn: () => {}, onRecorded: () => {} });
  const began = performance.now();
  await Promise.all(settled.map((each) => recorder.record(each)));
  return performance.now() - began;
}

function outcomeOf(target: string): Outcome {
  const now = new Date();
  return {
    ...{ key: target, verdict: "fail", counts: { ...noCounts, fail: findingsEach } },
    findings: Array.from({ length: findingsEach }, (_, index) => ({
      ...{ verdict: "fail" as const, code: "example", fingerprint: `${target} ${index}` },
      subject: { kind: "Process", name: `worker-${index} on ${target}` },
      message: { en: `Accept queue of ${target} overflows`, "zh-CN": `${target} 的全连接队列溢出` },
      ...{ observed: "129", expected: "128 at most" },
      evidence: [{ source: "/proc/net/netstat", excerpt: "ListenOverflows 129" }],
      remedy: [],
    })),
    measurements: [{ name: "overflows", value: 129, unit: "{overflows}" }],
    pictures: [],
    coverage: [{ what: "/proc/net/netstat", read: 1, unit: "files", missing: [] }],
    cost: { calls: 1, bytes: 900, throttled: 0, seconds: 1 },
    facts: { observedAt: now.toISOString(), needs: { netstat: { ListenOverflows: 129 } } },
    ...{ startedAt: now, endedAt: now },
  } as unknown as Outcome;
}

/** The same rows under the id of another run of the same month, by COPY alone, each table with its indexes. */
async function copyAgain(pool: pg.Pool, runId: string, round: number): Promise<number> {
  const client = await pool.connect();
  const other = firstIdAt(Date.now() + round).replace("-0000-0000-", "-7000-8000-");
  const file = `/tmp/weekbook-bench-${process.pid}`;
  try {
    let spent = 0;
    for (const table of tables) {
      const { rows: columns } = await client.query<{ name: string }>(
        `SELECT quote_ident(attname) AS name FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [table],
      );
      const list = columns.map(({ name }) => name).join(", ");
      const read = columns.map(({ name }) => (name === '"runId"' ? `'${other}'::uuid` : name)).join(", ");
      await client.query(
        `COPY (SELECT ${read} FROM ${table} WHERE "runId" = '${runId}') TO '${file}-${table}' (FORMAT binary)`,
      );
      const began = performance.now();
      await client.query(`COPY ${table} (${list}) FROM '${file}-${table}' (FORMAT binary)`);
      spent += performance.now() - began;
      // The server's own file: only the server may remove it.
      await client.query(`COPY (SELECT) TO PROGRAM 'cat > /dev/null; rm -f ${file}-${table}'`);
    }
    return spent;
  } finally {
    client.release();
  }
}
