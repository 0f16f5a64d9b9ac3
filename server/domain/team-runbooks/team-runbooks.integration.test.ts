import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import { connectCluster } from "../clusters/connect.ts";
import type { TeamContext } from "../context.ts";
import { getOverview } from "../overview/get.ts";
import { getRunbook } from "../runbooks/get.ts";
import { listRunbooks } from "../runbooks/list.ts";
import { startRun } from "../runs/start.ts";
import { approveCheck } from "./approve.ts";
import { createTeamRunbook } from "./create.ts";
import { getTeamRunbook } from "./get.ts";
import { libraryOf } from "./library-of.ts";
import { previewChecks } from "./preview.ts";
import { removeTeamRunbook } from "./remove.ts";
import { saveTeamRunbook } from "./save.ts";
import { validateText } from "./validate.ts";

let practice: PracticeCluster;
let instance: TestInstance;
let operator: TeamContext;
let admin: TeamContext;
let stranger: TeamContext;
let worker: WorkerProcess | undefined;
let cluster: string;

beforeAll(async () => {
  [practice, instance] = await Promise.all([
    startPracticeCluster({ nodes: 4, pods: 80 }),
    createTestInstance(),
  ]);
  const team = await instance.team();
  operator = await instance.member(team, "operator");
  admin = await instance.member(team, "admin");
  stranger = await instance.member(await instance.team(), "owner");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  cluster = (await connectCluster({ ctx: admin, input: { name: "Practice", production: false, source } }))
    .slug;
  const { id: clusterId } = await instance.db.cluster.findFirstOrThrow({
    where: { teamId: team.id, slug: cluster },
  });
  await instance.db.connection.create({
    data: { teamId: team.id, clusterId, kind: "local_host", address: "this machine" },
  });
});
afterEach(async () => {
  await worker?.kill();
  worker = undefined;
});
afterAll(async () => {
  await instance?.close();
  await practice?.close();
});

const front = (title: string) =>
  `---\ntitle: ${title}\nsummary: What we saw.\ntags: [ours]\n---\n\n## See it\n\n`;
const fence = (body: string) => `\`\`\`check\n${body.trim()}\n\`\`\`\n\n`;
const limits = (id = "no-limit") =>
  fence(`
id: ${id}
title: Containers without a CPU limit
why: They take what others need.
remedy: Set one.
kubernetes: {kind: Pod}
expect: object.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && has(c.resources.limits.cpu))
message: "{object.metadata.name} has none"
verdict: warn`);
const command = (file = "/proc/sys/kernel/ostype") =>
  fence(`
id: ostype
title: It is Linux
why: All else assumes it.
remedy: Install it.
host: {command: [cat, ${file}]}
expect: output.lines == ["Linux"]`);

async function create(text: string, ctx = operator) {
  return (await createTeamRunbook({ ctx, input: { text } })).slug;
}

async function approve(ctx: TeamContext, slug: string) {
  const { approvals } = await getTeamRunbook({ ctx, input: { slug } });
  for (const { checkId, contentHash } of approvals) {
    await approveCheck({ ctx, input: { slug, checkId, contentHash } });
  }
}

async function run(slug: string, ids: string[]) {
  worker ??= await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
  const { runId } = await startRun({
    ctx: operator,
    input: {
      ...{ clusters: [cluster], runbook: slug, confirmActive: [], idempotencyKey: randomUUID() },
      checks: ids.map((id) => ({ id: `team/${slug}/${id}`, params: {} })),
    },
  });
  await vi.waitFor(async () => {
    const row = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(row.endedAt).not.toBeNull();
  }, 20_000);
  return instance.db.result.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
}

test("a check in CEL finds what is planted, and shows everywhere as its own", async () => {
  const slug = await create(front("Without limits") + limits());
  const [result] = await run(slug, ["no-limit"]);
  expect(result).toMatchObject({ checkId: `team/${slug}/no-limit`, checkVersion: 1, verdict: "warn" });
  const findings = await instance.db.finding.findMany({ where: { resultId: result?.id } });
  const pods = [...practice.store.of("pods").walk("", "", Number.MAX_SAFE_INTEGER)].map(([, pod]) => pod);
  const without = pods.filter(({ spec }) => {
    const { containers } = spec as { containers: { resources?: { limits?: { cpu?: string } } }[] };
    return containers.some((container) => container.resources?.limits?.cpu === undefined);
  });
  expect(without.length).toBeGreaterThan(0);
  expect(findings.map(({ subject }) => Object(subject).name).sort()).toEqual(
    without.map(({ metadata }) => metadata.name).sort(),
  );
  const view = await getRunbook({ ctx: operator, input: { slug, cluster, locale: "zh-CN" } });
  expect(view).toMatchObject({
    own: true,
    states: [{ verdict: "warn" }],
    checkViews: [{ permissions: [{ verb: "list" }] }],
  });
  const list = await listRunbooks({ ctx: operator, input: { q: "without limits", locale: "en", cluster } });
  expect(list[0]).toMatchObject({ slug, own: true, verdict: "warn" });
  const overview = await getOverview({ ctx: operator, input: { locale: "en" } });
  expect(overview.rows.find((row) => row.runbook === slug)?.cells[0]?.verdict).toBe("warn");
  expect(overview.changes[0]).toMatchObject({ checkTitle: { en: "Containers without a CPU limit" } });
}, 60_000);

describe("a command", () => {
  test("runs only after an admin has said yes, and asks again when it is changed", async () => {
    const slug = await create(front("Kernel") + command());
    const refused = { code: "invalid", fields: { "checks.0.id": "check-not-approved" } };
    await expect(run(slug, ["ostype"])).rejects.toMatchObject(refused);
    await approve(admin, slug);
    const [result] = await run(slug, ["ostype"]);
    expect(result).toMatchObject({ verdict: "pass", checkVersion: 1 });
    const text = front("Kernel") + command("/proc/sys/kernel/osrelease");
    await saveTeamRunbook({ ctx: operator, input: { slug, text, baseNumber: 1 } });
    await expect(run(slug, ["ostype"])).rejects.toMatchObject(refused);
    const { approvals } = await getTeamRunbook({ ctx: operator, input: { slug } });
    expect(approvals).toMatchObject([{ argv: ["cat", "/proc/sys/kernel/osrelease"], approved: null }]);
    // Back to what was approved: it is approved.
    await saveTeamRunbook({
      ctx: operator,
      input: { slug, text: front("Kernel") + command(), baseNumber: 2 },
    });
    expect((await run(slug, ["ostype"]))[0]).toMatchObject({ verdict: "pass", checkVersion: 3 });
  }, 60_000);

  test("is asked for even of an admin who wrote it", async () => {
    const slug = await create(front("By an admin") + command(), admin);
    const check = (await libraryOf(admin, admin.team.id)).find(({ id }) => id === `team/${slug}/ostype`);
    expect(check?.blocked).toMatchObject({ code: "not-approved" });
  });

  test("is not run by the worker when the yes is gone by then", async () => {
    const slug = await create(front("Withdrawn") + command());
    await approve(admin, slug);
    const { runId } = await startRun({
      ctx: operator,
      input: {
        ...{ clusters: [cluster], runbook: slug, confirmActive: [], idempotencyKey: randomUUID() },
        checks: [{ id: `team/${slug}/ostype`, params: {} }],
      },
    });
    await saveTeamRunbook({
      ctx: operator,
      input: { slug, text: front("Withdrawn") + command("/etc/hostname"), baseNumber: 1 },
    });
    worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys });
    await vi.waitFor(async () => {
      const [result] = await instance.db.result.findMany({ where: { runId, phase: "done" } });
      expect(result).toMatchObject({ verdict: "unknown", reason: { code: "not-approved" } });
    }, 20_000);
  }, 40_000);

  test("cannot be approved as another than it is", async () => {
    const slug = await create(front("Changed meanwhile") + command());
    const { approvals } = await getTeamRunbook({ ctx: admin, input: { slug } });
    const shown = { slug, checkId: "ostype", contentHash: approvals[0]?.contentHash ?? "" };
    const text = front("Changed meanwhile") + command("/etc/shadow");
    await saveTeamRunbook({ ctx: operator, input: { slug, text, baseNumber: 1 } });
    await expect(approveCheck({ ctx: admin, input: shown })).rejects.toMatchObject({
      message: "check-changed",
    });
  });
});

test("two who save at once: the second gets both texts, and nothing is lost", async () => {
  const slug = await create(front("Two authors") + limits());
  const save = (ctx: TeamContext, body: string) =>
    saveTeamRunbook({ ctx, input: { slug, text: front("Two authors") + body, baseNumber: 1 } });
  const answers = await Promise.all([save(operator, limits("a")), save(admin, limits("b"))]);
  expect(answers.map(({ saved }) => saved).sort()).toEqual([false, true]);
  const lost = answers.find((answer) => !answer.saved);
  expect(lost).toMatchObject({
    saved: false,
    current: { number: 2, text: expect.stringContaining("Two authors") },
  });
  expect((await getTeamRunbook({ ctx: operator, input: { slug } })).versions).toHaveLength(2);
});

test("a check that stayed the same keeps its version, so that its results can be compared", async () => {
  const slug = await create(front("Steady") + limits());
  const text = `${front("Steady")}More words.\n\n${limits()}${limits("another")}`;
  await saveTeamRunbook({ ctx: operator, input: { slug, text, baseNumber: 1 } });
  const own = (await libraryOf(operator, operator.team.id)).filter(({ id }) =>
    id.startsWith(`team/${slug}/`),
  );
  expect(own.map(({ id, version }) => [id.split("/").at(-1), version])).toEqual([
    ["no-limit", 1],
    ["another", 2],
  ]);
});

test("a text with a problem is not kept, and says where", async () => {
  const text = front("Wrong") + limits().replace("verdict: warn", "verdict: wrong");
  const { problems } = await validateText({ ctx: operator, input: { slug: null, text } });
  expect(problems).toMatchObject([{ line: 17, column: 10, code: "choice" }]);
  const values = { line: 17, column: 10 };
  await expect(create(text)).rejects.toMatchObject({ message: "runbook-has-problems", values });
});

test("a draft is judged by what was read before, else by the sample, and asks nothing", async () => {
  const text = front("Previewed") + limits() + command();
  const [sample, none] = await previewChecks({ ctx: operator, input: { slug: null, text } });
  expect(sample).toMatchObject({ facts: { from: "sample" }, verdict: "warn" });
  expect(none).toMatchObject({ facts: { from: "none" }, verdict: null });
  const slug = await create(text);
  await approve(admin, slug);
  await run(slug, ["no-limit", "ostype"]);
  await worker?.kill();
  const asked = practice.requests.length;
  const changed = text.replace('["Linux"]', '["Other"]').replace("verdict: warn", "verdict: fail");
  const previews = await previewChecks({ ctx: operator, input: { slug, text: changed } });
  expect(previews).toMatchObject([
    { facts: { from: "result", cluster: "Practice" }, verdict: "fail" },
    { facts: { from: "result" }, verdict: "fail", findingCount: 1 },
  ]);
  expect(practice.requests.length).toBe(asked);
}, 60_000);

test("another team sees, runs and changes nothing of it", async () => {
  const slug = await create(front("Ours alone") + limits());
  const missing = { code: "not-found" };
  await expect(getTeamRunbook({ ctx: stranger, input: { slug } })).rejects.toMatchObject(missing);
  await expect(removeTeamRunbook({ ctx: stranger, input: { slug } })).rejects.toMatchObject(missing);
  const stolen = { slug, text: front("Theirs"), baseNumber: 1 };
  await expect(saveTeamRunbook({ ctx: stranger, input: stolen })).rejects.toMatchObject(missing);
  await expect(getRunbook({ ctx: stranger, input: { slug, locale: "en" } })).rejects.toMatchObject(missing);
  expect((await libraryOf(stranger, stranger.team.id)).some(({ id }) => id.startsWith("team/"))).toBe(false);
  expect((await listRunbooks({ ctx: stranger, input: { locale: "en" } })).some(({ own }) => own)).toBe(false);
});

test("a removed runbook is gone; its address is not given to another", async () => {
  const slug = await create(front("Short lived") + limits());
  await removeTeamRunbook({ ctx: operator, input: { slug } });
  await expect(getTeamRunbook({ ctx: operator, input: { slug } })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await create(front("Short lived") + limits())).toBe(`${slug}-2`);
});
