import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Report } from "#common/contracts/report.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { listApiKeys } from "#server/domain/api-keys/list.ts";
import { revokeApiKey } from "#server/domain/api-keys/revoke.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeKey } from "#testing/rest.ts";
import { type RestServer, startRestServer } from "#testing/rest-server.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "weekbook-remote-"));
const loginPath = path.join(folder, "config/weekbook/login.json");
const command = path.join(process.cwd(), "cli/weekbook.mjs");
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
let practice: PracticeCluster;
let instance: TestInstance;
let worker: WorkerProcess;
let server: RestServer;
let owner: TeamContext;
let secret: string;

beforeAll(async () => {
  practice = await startPracticeCluster({ nodes: 3, pods: 30 });
  instance = await createTestInstance();
  owner = await instance.member(await instance.team(), "owner");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  await connectCluster({ ctx: owner, input: { name: "Practice one", production: false, source } });
  worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  server = await startRestServer(instance);
  secret = await makeKey(owner, ["read", "run"]);
});
afterAll(async () => {
  await worker?.stop();
  await server?.close();
  await instance?.close();
  await practice?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A script as CI runs it: a shell, no terminal, `weekbook` on the PATH. */
async function shell(
  script: string,
  env: Record<string, string> = {},
  onOutput: (all: string) => void = () => {},
) {
  const prelude = `set -u; weekbook() { "${process.execPath}" "${command}" "$@"; }\n`;
  const { DATABASE_URL: _, WEEKBOOK_API_KEY: __, ...inherited } = process.env;
  const child = spawn("/bin/sh", ["-c", prelude + script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...inherited,
      ...{ WEEKBOOK_DATA_DIR: folder, XDG_CONFIG_HOME: path.join(folder, "config"), LANG: "C" },
      ...env,
    } as NodeJS.ProcessEnv,
  });
  const exited = once(child, "exit");
  let heard = "";
  child.stderr.on("data", (chunk: Buffer) => {
    heard += chunk;
    onOutput(heard);
  });
  const stdout = await text(child.stdout);
  const [code] = await exited;
  expect(`${stdout}${heard}`, "a key in the output").not.toContain(secret);
  return { code, stdout, stderr: heard };
}
const login = (key = secret) => `printf '%s' "${key}" | weekbook login --url ${server.url}`;
const inCi = () => ({ WEEKBOOK_URL: server.url, WEEKBOOK_API_KEY: secret });

/** A command takes a second or two to load on a busy machine, and a script has many. */
vi.setConfig({ testTimeout: 240_000 });

test("log in, run and wait, read the results, export them, log out: one script", async () => {
  const { code, stdout, stderr } = await shell(
    `${login()} || exit 90
     weekbook run duplicate-pod-ip --cluster "practice ONE" --wait --timeout 2m --json > report.json
     echo "run ended with $?"
     run=$(sed -n 's/.*"runId": "\\(.*\\)".*/\\1/p' report.json)
     weekbook results "$run" > results.txt; echo "results ended with $?"
     weekbook results "${"https://weekbook.example.com/team/runs/"}$run?x=1" --fail-on fail --json | cmp - report.json && echo same
     weekbook export "$run" --format csv --output run.csv && head -c 11 run.csv
     weekbook export "$run" --format json | head -c 2
     weekbook export "$run" --format exe; echo "unknown format: $?"
     weekbook logout && weekbook results "$run"; echo "logged out: $?"`,
  );
  expect(code).toBe(0);
  expect(stdout).toContain("run ended with 2\nresults ended with 2\nsame\nrun,cluster");
  expect(stdout).toContain("unknown format: 64\nlogged out: 77\n");
  expect(stderr).toMatch(/Run [0-9a-f-]{36} has begun\n(\d+ of \d+ checks? done\n)+/);
  expect(stderr).not.toContain("\r");
  const report: Report = JSON.parse(readFileSync(path.join(folder, "report.json"), "utf8"));
  expect(report).toMatchObject({ verdict: "fail", cluster: "Practice one", runbook: "duplicate-pod-ip" });
  expect(report.results[0]?.findings.length).toBeGreaterThan(0);
  expect(readFileSync(path.join(folder, "results.txt"), "utf8")).toContain(report.runId);
  const run = await instance.db.run.findUniqueOrThrow({ where: { id: report.runId ?? "" } });
  expect(run.requestedBy).toMatch(/^of a test \(owner/);
  expect(() => statSync(loginPath)).toThrow(/ENOENT/);
});

test("in CI two variables are enough; a warning is no failure where only failures count", async () => {
  const check = "run kubernetes/cpu-limits --cluster practice-one";
  const { stdout } = await shell(
    `weekbook ${check} >/dev/null 2>&1; echo $?
     weekbook ${check} --fail-on fail >/dev/null 2>&1; echo $?
     id=$(weekbook ${check} --no-wait 2>/dev/null); echo "$? $id"`,
    inCi(),
  );
  expect(stdout).toMatch(new RegExp(`^1\\n0\\n0 ${uuid.source}\\n$`));
});

test("the login file is its owner's alone, and is not used where others may read it", async () => {
  const { code, stderr } = await shell(login());
  expect([code, stderr]).toEqual([0, expect.stringMatching(/it may read, run until \d{4}-/)]);
  expect(statSync(loginPath).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(loginPath)).mode & 0o777).toBe(0o700);
  chmodSync(loginPath, 0o644);
  const open = await shell("weekbook results 01a22155-fca4-701e-af51-0a8e7fd6f493");
  expect(open).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/can be read by others: say "chmod 600/),
  });
  rmSync(loginPath);
});

test("a key that is revoked while a run is waited for ends the command, and the run goes on", async () => {
  const key = await makeKey(owner, ["read", "run"]);
  const [newest] = await listApiKeys({ ctx: owner });
  let revoked: Promise<void> | undefined;
  const script = `weekbook run kubernetes/duplicate-pod-ip --cluster practice-one`;
  const { code, stderr } = await shell(script, { ...inCi(), WEEKBOOK_API_KEY: key }, (heard) => {
    if (heard.includes("has begun"))
      revoked ??= revokeApiKey({ ctx: owner, input: { keyId: newest?.id ?? "" } });
  });
  await revoked;
  expect(code).toBe(77);
  expect(stderr).toContain("weekbook: This API key is not known, was revoked or has expired.");
  const runId = uuid.exec(stderr)?.[0] ?? "";
  expect(await instance.db.run.findUnique({ where: { id: runId } })).toMatchObject({
    cancelRequestedAt: null,
  });
});

test("each kind of refusal has its code and one sentence", async () => {
  const readOnly = await makeKey(owner, ["read"]);
  const run = "run kubernetes/duplicate-pod-ip --cluster practice-one";
  const cases = [
    [`weekbook ${run}`, { ...inCi(), WEEKBOOK_API_KEY: readOnly }, 77, /without the scope “run”/],
    [`weekbook ${run}`, { ...inCi(), WEEKBOOK_URL: "http://127.0.0.1:9" }, 69, /does not answer/],
    [`weekbook ${run}`, { ...inCi(), WEEKBOOK_URL: "http://weekbook.example.com" }, 64, /plain http/],
    [`weekbook ${run}`, { WEEKBOOK_API_KEY: secret }, 64, /needs WEEKBOOK_URL/],
    ["weekbook run moon --cluster practice-one", inCi(), 64, /no runbook or check "moon"/],
    ["weekbook run all --cluster moon", inCi(), 64, /Registered are: practice-one/],
    [`weekbook ${run} --param x=1`, inCi(), 64, /none of the chosen checks has such a parameter/],
    [`weekbook ${run} --team other`, inCi(), 64, /belongs to one team/],
    [`weekbook ${run} --timeout soon`, inCi(), 64, /90s, 10m or 1h/],
    [`weekbook ${run} --no-wait --kubeconfig x`, inCi(), 64, /choose one/],
    ["weekbook results moon", inCi(), 64, /is no run/],
    ["weekbook results 01a22155-fca4-701e-af51-0a8e7fd6f493", inCi(), 64, /no such run/],
    [`echo wrong | weekbook login --url ${server.url}`, {}, 64, /no API key/],
    [`echo wbk_${"x".repeat(43)} | weekbook login --url ${server.url}`, {}, 77, /not known/],
    ["echo x | weekbook login --url http://10.0.0.1", {}, 64, /--insecure-http/],
    ["weekbook run all --this-machine --no-wait", {}, 64, /log in to one first/],
  ] as const;
  for (const [script, env, code, sentence] of cases) {
    const answer = await shell(script, env);
    expect([script, answer.code, answer.stdout]).toEqual([script, code, ""]);
    expect(answer.stderr).toMatch(sentence);
    expect(answer.stderr.trim().split("\n"), answer.stderr).toHaveLength(1);
  }
});

test("an answer of 429 is waited out, a broken connection tried again, and the run is one run", async () => {
  const tooFast = () => new Response("{}", { status: 429, headers: { "retry-after": "0" } });
  server.interrupt.push(tooFast, tooFast);
  const before = await instance.db.run.count();
  const lost = async (request: Request) => {
    const { handleRest } = await import("#server/api/rest/handle.ts");
    await handleRest(request, instance.services);
    return new Response("gone", { status: 502 });
  };
  const armed = setInterval(() => {
    if (server.asked.at(-1)?.startsWith("GET /api/v1/checks")) server.interrupt.push(lost);
    if (server.asked.at(-1)?.startsWith("GET /api/v1/checks")) clearInterval(armed);
  }, 1);
  const { code, stdout } = await shell(
    "weekbook run kubernetes/duplicate-pod-ip --cluster practice-one --no-wait",
    inCi(),
  );
  clearInterval(armed);
  expect([code, stdout]).toEqual([0, expect.stringMatching(uuid)]);
  expect(await instance.db.run.count()).toBe(before + 1);
});

test("who does not want to wait longer is told, with a code of its own; the key never follows a redirect", async () => {
  const run = "run kubernetes/duplicate-pod-ip --cluster practice-one";
  const timedOut = await shell(`weekbook ${run} --timeout 0s`, inCi());
  expect(timedOut).toMatchObject({
    code: 75,
    stderr: expect.stringMatching(/takes longer than --timeout; it goes on/),
  });
  const there = () => new Response(null, { status: 307, headers: { location: `${server.url}/api/v1/key` } });
  server.asked.length = 0;
  server.interrupt.push(there, there, there, there, there);
  expect(await shell(`weekbook results 01a22155-fca4-701e-af51-0a8e7fd6f493`, inCi())).toMatchObject({
    code: 69,
  });
  expect(server.asked).not.toContain("GET /api/v1/key");
  server.interrupt.length = 0;
});
