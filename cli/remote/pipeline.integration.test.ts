import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeKey } from "#testing/rest.ts";
import { type RestServer, startRestServer } from "#testing/rest-server.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";

/** The script of docs/api.md, as it stands there, in a folder of its own with `weekbook` on the PATH. */

const folder = mkdtempSync(path.join(os.tmpdir(), "weekbook-pipeline-"));
const file = (name: string) => path.join(folder, name);
let practice: PracticeCluster;
let instance: TestInstance;
let worker: WorkerProcess;
let server: RestServer;
let owner: TeamContext;
let secret: string;

vi.setConfig({ testTimeout: 240_000 });
beforeAll(async () => {
  const [, script] =
    /```sh\n(#!\/bin\/sh\n# usage: check-cluster\.sh[\s\S]*?)```/.exec(readFileSync("docs/api.md", "utf8")) ??
    [];
  writeFileSync(file("check-cluster.sh"), script ?? "exit 99", { mode: 0o755 });
  const command = path.resolve("cli/weekbook.mjs");
  writeFileSync(file("weekbook"), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`, {
    mode: 0o755,
  });
  practice = await startPracticeCluster({ nodes: 3, pods: 30 });
  instance = await createTestInstance();
  owner = await instance.member(await instance.team(), "owner");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  await connectCluster({ ctx: owner, input: { name: "Practice", production: false, source } });
  worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  server = await startRestServer(instance);
  secret = await makeKey(owner, ["read", "run", "write"]);
});
afterAll(async () => {
  await worker?.stop();
  await server?.close();
  await instance?.close();
  await practice?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: string[], env: Record<string, string> = {}) {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn("/bin/sh", args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...inherited,
      ...{ PATH: `${folder}:${process.env.PATH}`, XDG_CONFIG_HOME: folder, LANG: "C" },
      ...{ WEEKBOOK_URL: server.url, WEEKBOOK_API_KEY: secret, CI_COMMIT_SHA: "4f2e1d0" },
      ...env,
    } as NodeJS.ProcessEnv,
  });
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  return { code, stdout, stderr };
}
const pipeline = (env?: Record<string, string>) =>
  run(["./check-cluster.sh", "duplicate-pod-ip", "practice"], env);
type Listed = { items: { id: string; fingerprint: string; state: string }[]; more: boolean };
const listed = (): Listed => JSON.parse(readFileSync(file("findings.json"), "utf8"));

test("the script ends with the verdict, leaves what others read, and acknowledges what is accepted", async () => {
  writeFileSync(file("accepted.txt"), "");
  const first = await pipeline();
  expect(first, first.stderr).toMatchObject({ code: 2 });
  const schema = [
    "--noout",
    "--schema",
    path.resolve("testing/schemas/jenkins-junit.xsd"),
    file("junit.xml"),
  ];
  expect(spawnSync("xmllint", schema).status).toBe(0);
  const { runs } = JSON.parse(readFileSync(file("weekbook.sarif"), "utf8"));
  const [found] = listed().items;
  expect(
    runs[0].results.map(
      (each: { partialFingerprints: object }) => Object.values(each.partialFingerprints)[0],
    ),
  ).toContain(found?.fingerprint);
  expect(first.stdout).toContain(`kubernetes/duplicate-pod-ip · practice · open since`);
  expect(first.stdout).toContain(found?.id);

  writeFileSync(file("accepted.txt"), `something-else\n${found?.fingerprint}\n`);
  const second = await pipeline();
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`${found?.id} is acknowledged`);
  expect(second.stdout).not.toContain(found?.id);
  const life = await instance.db.findingState.findUniqueOrThrow({ where: { id: found?.id ?? "" } });
  expect(life).toMatchObject({ state: "acknowledged", ackNote: "Accepted in 4f2e1d0" });

  const rest = await run([
    "-c",
    `weekbook findings mute ${found?.id} --until 2h --reason "Planned" && weekbook findings --state muted &&
    weekbook findings unmute https://weekbook.example.com/team/findings/${found?.id} &&
    weekbook findings unmute ${found?.id} && weekbook findings --state muted
    weekbook findings mute ${found?.id} --until soon --reason x; echo "no time: $?"
    weekbook findings --state gone; echo "no state: $?"
    weekbook findings ack 01a22155-fca4-701e-af51-0a8e7fd6f493 --note x; echo "not there: $?"`,
  ]);
  expect(rest.stdout).toMatch(/Planned \(until \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/);
  expect(rest.stderr).toMatch(/is muted\n.* is not muted any more\n.* is so already\nNo findings\.\n/);
  expect(rest.stdout).toContain("no time: 64\nno state: 64\nnot there: 64\n");
});

test("what cannot be found out at all ends the script before there are files", async () => {
  for (const name of ["junit.xml", "weekbook.sarif"]) rmSync(file(name), { force: true });
  expect(await pipeline({ WEEKBOOK_API_KEY: `wbk_${"x".repeat(43)}` })).toMatchObject({ code: 77 });
  const narrow = await makeKey(owner, ["read", "run"]);
  const refused = await run(["-c", `weekbook findings ack ${listed().items[0]?.id} --note x`], {
    WEEKBOOK_API_KEY: narrow,
  });
  expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining("without the scope “write”") });
  expect(spawnSync("ls", [folder], { encoding: "utf8" }).stdout).not.toContain("junit.xml");
});
