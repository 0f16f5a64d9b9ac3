import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { expectedFindings } from "#sandbox/truth.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import { setBudget } from "#server/domain/clusters/set-budget.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import type { Report } from "./report.ts";

const kubernetesChecks = checks
  .filter((check) => check.target === "kubernetes" && check.effect === "read")
  .map((check) => check.id);
const folder = mkdtempSync(path.join(os.tmpdir(), "weekbook-cli-"));
let practice: PracticeCluster;

beforeAll(async () => {
  practice = await startPracticeCluster({ nodes: 4, pods: 60 });
  writeFileSync(path.join(folder, "kubeconfig"), practice.kubeconfig.viewer);
});
beforeEach(() => practice.grantAgain("viewer"));
afterAll(() => practice?.close());

/** The command as a person types it, in a folder of their own. */
async function weekbook(args: string[], env: Record<string, string> = {}) {
  const entry = path.join(process.cwd(), "cli/weekbook.mjs");
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, WEEKBOOK_DATA_DIR: folder, LANG: "C", ...env } as NodeJS.ProcessEnv,
  });
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  return { code, stdout, stderr };
}

type Found = { verdict: string; code?: string; subject: object };
const key = (checkId: string, { verdict, code, subject }: Found) =>
  `${checkId} ${verdict} ${code} ${JSON.stringify(Object.entries(subject).toSorted())}`;
const truthOf = (ids: readonly string[]) =>
  ids.flatMap((id) => expectedFindings(practice.truth, id).map((finding) => key(id, finding))).toSorted();
const foundIn = (report: Report) =>
  report.results.flatMap(({ check, findings }) => findings.map((finding) => key(check, finding))).toSorted();
const foundByKubernetes = (report: Report) =>
  foundIn(report).filter((found) => found.startsWith("kubernetes/"));

describe("with a kubeconfig", () => {
  test("finds what the truth says, no more and no fewer, as one JSON document", async () => {
    const { code, stdout, stderr } = await weekbook(["run", "all", "--kubeconfig", "kubeconfig", "--json"]);
    const report: Report = JSON.parse(stdout);
    expect(stderr).toBe("");
    expect(code).toBe(2);
    expect(truthOf(kubernetesChecks).length).toBeGreaterThan(5);
    expect(foundByKubernetes(report)).toEqual(truthOf(kubernetesChecks));
    expect(report).toMatchObject({ runId: null, runbook: null, verdict: "fail", error: null });
    const reading = checks.filter(({ effect }) => effect === "read");
    expect(report.results.map(({ check }) => check)).toEqual(reading.map(({ id }) => id));
    const byTarget = (kind: string) => report.results.filter(({ check }) => check.startsWith(`${kind}/`));
    expect(
      byTarget("host").every(({ verdict, reason }) => verdict === "skip" && reason?.code === "no-target"),
    ).toBe(true);
    expect(byTarget("document")[0]?.reason?.code).toBe("not-supplied");
    expect(report.cost?.calls).toBeGreaterThan(0);
  });

  test("says it in words: verdicts, observed and expected, remedy, coverage, cost; no colours in a pipe", async () => {
    const { code, stdout } = await weekbook([
      "run",
      "kubernetes/duplicate-pod-ip",
      "--kubeconfig",
      "kubeconfig",
    ]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Fail {2}Pods sharing an address/);
    expect(stdout).toMatch(/Observed: 2 pods/);
    expect(stdout).toMatch(/ {6}\$ kubectl delete pod /);
    expect(stdout).toMatch(/list pods: \d+ pods read/);
    expect(stdout).toMatch(/\d+ calls?, [\d.]+ kB, [\d.]+ s/);
    expect(stdout).not.toContain("\u001b");
  });

  test("in Chinese when asked, or when the terminal is", async () => {
    const args = ["run", "kubernetes/duplicate-pod-ip", "--kubeconfig", "kubeconfig"];
    const asked = await weekbook([...args, "--locale", "zh-CN"]);
    expect(asked.stdout).toMatch(/实际:/);
    expect((await weekbook(args, { LANG: "zh_CN.UTF-8" })).stdout).toMatch(/实际:/);
  });

  test("a permission that is missing: exit 3, and what could not be read", async () => {
    practice.revoke("viewer", { verb: "list", group: "", resource: "pods" });
    const { code, stdout } = await weekbook([
      "run",
      "kubernetes/duplicate-pod-ip",
      "--kubeconfig",
      "kubeconfig",
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Unknown/);
    expect(stdout).toMatch(/Not read: The credential lacks the permission: .*pods/);
  });

  test("a server that is not there: exit 3 within seconds", async () => {
    const dead = practice.kubeconfig.viewer.replaceAll(`:${practice.port}`, ":1");
    writeFileSync(path.join(folder, "dead"), dead);
    const { code, stdout } = await weekbook(["run", "all", "--kubeconfig", "dead"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/Not reachable/);
  });

  test("a metadata address is not gone to, whoever asks", async () => {
    const metadata = practice.kubeconfig.viewer.replaceAll(`127.0.0.1:${practice.port}`, "169.254.169.254");
    writeFileSync(path.join(folder, "metadata"), metadata);
    const { code, stdout } = await weekbook([
      "run",
      "kubernetes/duplicate-pod-ip",
      "--kubeconfig",
      "metadata",
    ]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/This address is closed to Weekbook/);
  });

  test("the token is not printed, whatever goes wrong", async () => {
    const token = /token: "?([^"\s]+)/.exec(practice.kubeconfig.viewer)?.[1] ?? "no token found";
    const all = await weekbook(["run", "api-resources-map", "--kubeconfig", "kubeconfig", "--json"]);
    expect(all.stdout).toContain('"kubernetes/');
    writeFileSync(path.join(folder, "torn"), practice.kubeconfig.viewer.replace("users:", "users: ["));
    const torn = await weekbook(["run", "all", "--kubeconfig", "torn"]);
    expect(torn.code).toBe(64);
    for (const { stdout, stderr } of [all, torn]) expect(`${stdout}${stderr}`).not.toContain(token);
  });
});

describe("without a cluster", () => {
  test("this machine", async () => {
    const { code, stdout } = await weekbook(["run", "host/md-arrays", "--this-machine", "--json"]);
    const report: Report = JSON.parse(stdout);
    expect(report.cluster).toBe(os.hostname());
    expect(code).toBe({ pass: 0, skip: 0, warn: 1, fail: 2, unknown: 3 }[report.verdict]);
  });

  test("an endpoint and a document need none", async () => {
    writeFileSync(path.join(folder, "chain.pem"), practice.caPem);
    const document = await weekbook(["run", "document/pem-chain", "--document", "chain.pem", "--json"]);
    expect(JSON.parse(document.stdout).results[0].findings.length).toBeGreaterThan(0);
    const endpoint = [
      "run",
      "endpoint/tls-certificate",
      "--param",
      `endpoint=127.0.0.1:${practice.port}`,
      "--json",
    ];
    const report: Report = JSON.parse((await weekbook(endpoint)).stdout);
    expect(report.results[0]).toMatchObject({ check: "endpoint/tls-certificate", verdict: "fail" });
  });
});

describe("wrong usage ends with 64 and one sentence", () => {
  const hostile = [
    [
      "exec",
      "user:\n    exec:\n      command: sh\n      args: [-c, id]\n      apiVersion: client.authentication.k8s.io/v1",
    ],
    ["proxy", null],
  ] as const;
  test.each(hostile)("a kubeconfig with %s", async (name, user) => {
    const config =
      user === null
        ? practice.kubeconfig.viewer.replace(/( +)server:/, "$1proxy-url: http://127.0.0.1:1\n$1server:")
        : `apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts:\n- name: a\n  context:\n    cluster: a\n    user: a\nclusters:\n- name: a\n  cluster:\n    server: ${practice.url}\nusers:\n- name: a\n  ${user}\n`;
    writeFileSync(path.join(folder, name), config);
    const { code, stdout, stderr } = await weekbook(["run", "all", "--kubeconfig", name]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^weekbook: .*/${name}: .{20,}`));
  });

  test.each([
    [["run"], /missing required argument/],
    [["run", "kubernetes/duplicate-pod-ip"], /Say what to ask/],
    [["run", "kubernetes/nothing", "--this-machine"], /There is no runbook or check/],
    [["run", "all", "--cluster", "a", "--this-machine"], /choose one/],
    [["run", "all", "--kubeconfig", "missing"], /cannot be read \(ENOENT\)/],
    [["run", "all", "--kubeconfig", "kubeconfig", "--context", "other"], /other/],
    [["run", "all", "--kubeconfig", "kubeconfig", "--param", "depth=1"], /none of the chosen checks/],
    [["run", "all", "--cluster", "a"], /needs a running Weekbook/],
    [["fly"], /unknown command/],
    [["run", "all", "--locale", "tlh"], /Allowed choices are en, zh-CN/],
  ])("%j", async (args, sentence) => {
    const { code, stdout, stderr } = await weekbook(args);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(/^weekbook: \S/);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

test("checks and runbooks are listed, for people and for programs", async () => {
  const [words, json] = await Promise.all([weekbook(["checks"]), weekbook(["checks", "--json"])]);
  expect(words.stdout).toContain("kubernetes/duplicate-pod-ip");
  expect(JSON.parse(json.stdout).map(({ id }: { id: string }) => id)).toEqual(checks.map(({ id }) => id));
  const runbooks = await weekbook(["runbooks", "--json"]);
  const listed: { slug: string; number: number }[] = JSON.parse(runbooks.stdout);
  expect(listed.map(({ slug }) => slug)).toContain("duplicate-pod-ip");
  expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: 69 }, (_, at) => at + 1));
  const run = await weekbook(["run", "duplicate-pod-ip", "--kubeconfig", "kubeconfig", "--json"]);
  const report: Report = JSON.parse(run.stdout);
  expect(report.runbook).toBe("duplicate-pod-ip");
  expect(report.results.map(({ check }) => check)).toContain("kubernetes/duplicate-pod-ip");
});

describe("manifest", () => {
  const resourcesOf = async (...args: string[]) => {
    const { code, stdout, stderr } = await weekbook(["manifest", ...args]);
    expect([code, stderr]).toEqual([0, ""]);
    const role = parseAllDocuments(stdout).find((document) => document.get("kind") === "ClusterRole");
    const { rules } = (role?.toJS() ?? { rules: [] }) as { rules: { resources: string[] }[] };
    return rules.flatMap(({ resources }) => resources);
  };

  test("of one check, of a runbook, of all: YAML and nothing else", async () => {
    expect(await resourcesOf("kubernetes/duplicate-pod-ip")).toEqual(["namespaces", "pods"]);
    expect(await resourcesOf("duplicate-pod-ip")).toEqual(["namespaces", "pods"]);
    expect(await resourcesOf()).toEqual(await resourcesOf("all"));
    expect(await resourcesOf()).toEqual(expect.arrayContaining(["deployments", "nodes", "services"]));
  });

  test.each(["host/md-arrays", "moon"])("%s has none: 64 and one sentence", async (what) => {
    const { code, stdout, stderr } = await weekbook(["manifest", what]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(/^weekbook: [^\n]+\n$/);
  });
});

describe("with a registered cluster", () => {
  let instance: TestInstance;
  let worker: WorkerProcess;

  beforeAll(async () => {
    instance = await createTestInstance();
    const ctx = await instance.member(await instance.team(), "admin");
    const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
    const { slug } = await connectCluster({
      ctx,
      input: { name: "Practice one", production: false, source },
    });
    const connection = await instance.db.connection.findFirstOrThrow({ where: { kind: "kubernetes" } });
    const budget = { ratePerSecond: 100, burst: 200, inFlight: 4 };
    await setBudget({ ctx, input: { cluster: slug, connectionId: connection.id, budget } });
    worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  });
  afterAll(async () => {
    await worker?.stop();
    await instance?.close();
  });

  test("the run is the instance's own, kept in its history, with the same findings", async () => {
    const args = ["run", "all", "--cluster", "Practice one", "--json"];
    const { code, stdout, stderr } = await weekbook(args, { DATABASE_URL: instance.url });
    expect([code, stderr]).toEqual([2, ""]);
    const report: Report = JSON.parse(stdout);
    expect(foundByKubernetes(report)).toEqual(truthOf(kubernetesChecks));
    const run = await instance.db.run.findUniqueOrThrow({ where: { id: report.runId ?? "" } });
    expect(run).toMatchObject({ status: "done", verdict: "fail" });
    expect(report.cluster).toBe("Practice one");
  });

  test("a run's facts are judged again with another parameter, and nothing is asked of the cluster", async () => {
    const env = { DATABASE_URL: instance.url };
    const args = ["run", "kubernetes/cpu-limits", "--cluster", "Practice one", "--json"];
    const first: Report = JSON.parse((await weekbook(args, env)).stdout);
    const asked = practice.requests.length;
    const again = await weekbook(["judge", first.runId ?? "", "--json"], env);
    expect(again.stderr).toBe("");
    const report: Report = JSON.parse(again.stdout);
    expect(foundIn(report)).toEqual(foundIn(first));
    expect(report).toMatchObject({ verdict: first.verdict, cost: { calls: 0 } });
    expect(report.runId).not.toBe(first.runId);
    expect(practice.requests.length).toBe(asked);
    const wrong = await weekbook(["judge", first.runId ?? "", "--param", "nonsense=1"], env);
    expect(wrong.code).toBe(64);
    expect(await weekbook(["judge", "moon"], env)).toMatchObject({ code: 64, stdout: "" });
  });

  test("a name that nobody registered; a database that is away", async () => {
    const nobody = await weekbook(["run", "all", "--cluster", "moon"], { DATABASE_URL: instance.url });
    expect(nobody).toMatchObject({ code: 64, stdout: "" });
    expect(nobody.stderr).toMatch(/There is no cluster "moon"\. Registered are: practice-one\./);
    const url = "postgres://weekbook:canary@127.0.0.1:1/weekbook";
    const away = await weekbook(["run", "all", "--cluster", "moon"], { DATABASE_URL: url });
    expect(away.code).toBe(69);
    expect(away.stderr).toBe(
      "weekbook: The database at 127.0.0.1:1/weekbook does not answer: is Weekbook running?\n",
    );
  });
});
