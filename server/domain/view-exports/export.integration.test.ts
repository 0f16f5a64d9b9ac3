import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { downloadView } from "#server/api/view-download.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { hostileNames } from "#testing/report-samples.ts";
import { makeCluster, makeFindings, makeLife, makeResult, makeRun } from "#testing/run-rows.ts";
import { exportView } from "./export.ts";
import type { ViewName } from "./views.ts";

let instance: TestInstance;
let ctx: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  ctx = await instance.member(team, "viewer");
  const { db } = instance;
  place = { db, teamId: team.id, clusterId: (await makeCluster({ db, teamId: team.id }, "prod")).id };
});
afterAll(() => instance.close());

async function textOf(
  view: ViewName,
  format: "csv" | "json" | "html",
  filter: Record<string, string> = {},
  most?: number,
) {
  const { body } = await exportView({ ctx, input: { view, format, filter }, most });
  let text = "";
  for await (const part of body) text += part;
  return text;
}
const jsonOf = async (view: ViewName, filter = {}, most?: number) =>
  JSON.parse(await textOf(view, "json", filter, most));

test("findings: page after page, filtered as the page is, hostile names in their cells", async () => {
  const usable = hostileNames.filter((name) => name.isWellFormed() && !name.includes("\0"));
  for (const name of usable) await makeLife(place, name, { words: "hostile" });
  const many = Array.from({ length: 250 }, (_, index) => `many-${String(index).padStart(3, "0")}`);
  for (const name of many) await makeLife(place, name, { verdict: "warn", words: "many" });
  const { items, count, cut, filter } = await jsonOf("findings", { text: "many", verdict: "warn" });
  expect({ count, cut, filter }).toEqual({
    count: 250,
    cut: false,
    filter: { text: "many", verdict: "warn" },
  });
  const names = items.map(({ subject }: { subject: { name: string } }) => subject.name);
  expect([...names].sort()).toEqual(many);
  const csv = await textOf("findings", "csv", { text: "hostile" });
  expect(csv).toMatch(/^finding,state,verdict,cluster,check,/);
  for (const name of usable.filter((each) => /^[=+\-@\t]/.test(each))) expect(csv).toContain(`'${name}`);
  expect(csv.split(/\r\n(?=[0-9a-f]{8}-)/)).toHaveLength(usable.length + 1);
});

test("what is cut says so, in both formats", async () => {
  expect(await jsonOf("findings", { text: "many" }, 3)).toMatchObject({ count: 3, cut: true });
  expect(await jsonOf("findings", { text: "many" }, 250)).toMatchObject({ count: 250, cut: false });
  const csv = await textOf("findings", "csv", { text: "many" }, 3);
  expect(csv.trimEnd().split("\r\n").at(-1)).toBe("Cut after 3: there are more. Narrow the filters.");
  expect(await textOf("findings", "csv", { text: "none such" })).toBe("Nothing fits the filters.\r\n");
});

test("runs, results and a comparison", async () => {
  const before = await makeRun(place, { requestedBy: "=Eve()", createdAt: new Date(Date.now() - 60_000) });
  const after = await makeRun(place);
  for (const [run, fingerprints] of [
    [before, ["stays", "goes"]],
    [after, ["stays", "comes"]],
  ] as const) {
    const result = await makeResult(place, run.id);
    await makeFindings(
      instance.db,
      { runId: run.id, resultId: result.id },
      fingerprints.map((fingerprint) => ({ fingerprint })),
    );
  }
  expect((await jsonOf("runs", { cluster: "prod" })).items.map(({ id }: { id: string }) => id)).toEqual([
    after.id,
    before.id,
  ]);
  expect(await textOf("runs", "csv")).toContain(`,'=Eve(),`);
  const from = new Date(Date.now() + 60_000).toISOString();
  expect((await jsonOf("runs", { from })).items).toEqual([]);
  expect(await jsonOf("results", { check: "kubernetes/example", verdict: "fail" })).toMatchObject({
    count: 2,
  });
  const csv = await textOf("comparison", "csv", { runId: after.id, with: before.id });
  const [head = [], ...lines] = csv
    .split("\r\n")
    .slice(0, -1)
    .map((line) => line.split(","));
  const changes = lines.map((cells) => [cells[head.indexOf("change")], cells[head.indexOf("name")]]);
  expect(changes).toEqual([
    ["new", "comes"],
    ["fixed", "goes"],
    ["same", "stays"],
  ]);
});

test("clusters side by side: lines, items and a document, with hostile names in none of them as what they say", async () => {
  const { db } = instance;
  const other = { ...place, clusterId: (await makeCluster(place, "staging")).id };
  const [here, there] = [await makeRun(place), await makeRun(other)];
  const evil = '=HYPERLINK("x")<script>alert(1)</script>';
  for (const [at, run, names] of [
    [place, here, [evil, "both"]],
    [other, there, ["both", "only-there"]],
  ] as const) {
    const result = await makeResult(at, run.id);
    await db.finding.createMany({
      data: names.map((name, ordinal) => ({
        ...{ runId: run.id, resultId: result.id, ordinal, fingerprint: name, verdict: "fail" as const },
        ...{ code: "bad", subject: { kind: "Pod", namespace: "shop", name } },
        message: { en: "bad", "zh-CN": "有问题" },
      })),
    });
  }
  const filter = { runId: here.id, with: there.id };
  const { items } = await jsonOf("across", filter);
  expect(items).toMatchObject([
    {
      sides: { a: { run: here.id, cluster: "prod" }, b: { run: there.id, cluster: "staging" } },
      counts: { onlyA: 1, onlyB: 1, differing: 0, same: 1 },
    },
  ]);
  const csv = await textOf("across", "csv", filter);
  expect(csv).toContain(`"'=HYPERLINK(""x"")`);
  for (const where of ["only_a", "only_b", "same"]) expect(csv).toContain(`,${where},1,`);
  const document = await textOf("across", "html", filter);
  expect(document).toContain("prod beside staging");
  expect(document).toContain("Two clusters side by side");
  expect(document).toContain("&lt;script&gt;");
  expect(document).not.toContain("<script");
  expect(await textOf("comparison", "html", { runId: here.id })).toContain("</html>");
  for (const view of ["runs", "findings"] as const)
    await expect(textOf(view, "html")).rejects.toMatchObject({ code: "invalid" });
  await expect(textOf("across", "csv", { ...filter, cluster: "prod" })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(textOf("across", "html", { ...filter, b: "gone" })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("what is about a node or an address is in every file of a comparison", async () => {
  const other = { ...place, clusterId: (await makeCluster(place, "canary")).id };
  const [here, there] = [await makeRun(place), await makeRun(other)];
  for (const [at, run, said] of [
    [place, here, ["node-1", "web-7d9f8b6c5d-x2x9z"]],
    [other, there, ["node-2", "web-5c689d88bb-fq4m7"]],
  ] as const) {
    const { id: resultId } = await makeResult(at, run.id);
    await instance.db.finding.createMany({
      data: said.map((name, ordinal) => ({
        ...{ runId: run.id, resultId, ordinal, fingerprint: name, verdict: "fail" as const, code: "bad" },
        subject: { kind: name.startsWith("node") ? "Node" : "Pod", name },
        message: { en: "bad", "zh-CN": "有问题" },
      })),
    });
  }
  const filter = { runId: here.id, with: there.id };
  const csv = await textOf("across", "csv", filter);
  expect(csv).toMatch(/,unmatched,2,.*"A 1, B 1: node-1, node-2"/);
  await instance.db.finding.deleteMany({ where: { runId: here.id, ordinal: 1 } });
  await instance.db.finding.deleteMany({ where: { runId: there.id, ordinal: 1 } });
  expect(await textOf("across", "csv", filter)).not.toContain(",nothing,");
  const document = await textOf("across", "html", filter);
  expect(document).toContain("1 on prod and 1 on canary about a node or an address");
  expect(document).toContain("node-1, node-2");
  expect(document).not.toContain("No findings on either.");
});

test("two hosts side by side are called hosts", async () => {
  const run = await makeRun(place, { checks: ["host/example"] });
  for (const [ordinal, target] of ["ssh:a/one", "ssh:a/two"].entries()) {
    const { id: resultId } = await makeResult(place, run.id, {
      ...{ ordinal, checkId: "host/example", target, targetName: target.slice(6) },
    });
    await instance.db.finding.create({
      data: {
        ...{ runId: run.id, resultId, ordinal: 0, fingerprint: target, verdict: "fail", code: "bad" },
        subject: { kind: "Pod", name: `web-7d9f8b6c5d-x2x9${"zx"[ordinal]}` },
        message: { en: "bad", "zh-CN": "有问题" },
      },
    });
  }
  const filter = { runId: run.id, a: "prod", b: "prod", targetA: "ssh:a/one", targetB: "ssh:a/two" };
  const document = await textOf("across", "html", filter);
  for (const words of ["Two hosts side by side", "one beside two", "matched by the owner of a pod"])
    expect(document).toContain(words);
});

test("a view that goes no further itself says that it is cut, in all formats", async () => {
  const other = { ...place, clusterId: (await makeCluster(place, "large")).id };
  const run = await makeRun(place, { clusterIds: [place.clusterId, other.clusterId] });
  const verdicts = ["pass", "warn", "fail", "unknown", "skip"] as const;
  const base = { runId: run.id, teamId: place.teamId, clusterId: place.clusterId, checkVersion: 1 };
  const done = { ...base, phase: "done" as const };
  await instance.db.result.createMany({
    data: [
      ...Array.from({ length: 260 }, (_, ordinal) => ({
        ...{
          ...done,
          ordinal,
          checkId: "host/example",
          target: `ssh:a/${ordinal}`,
          targetName: `${ordinal}`,
        },
        verdict: verdicts[ordinal % verdicts.length],
      })),
      ...Array.from({ length: 300 }, (_, ordinal) => ({
        ...{ ...done, ordinal, checkId: `kubernetes/${ordinal}`, target: "kubernetes", targetName: "prod" },
        verdict: "fail" as const,
      })),
    ],
  });
  const across = { runId: run.id, a: "prod", b: "large" };
  expect(await jsonOf("across", across)).toMatchObject({ count: 500, cut: true });
  expect(await textOf("across", "csv", across)).toMatch(/\r\nCut after 500: .*\r\n$/);
  expect(await textOf("across", "html", across)).toContain("8 more checks on targets are left out");
  expect(await jsonOf("hosts", { runId: run.id })).toMatchObject({ count: 200, cut: true });
  expect(await textOf("hosts", "csv", { runId: run.id })).toMatch(/\r\nCut after 200: .*\r\n$/);
});

test("hosts that differ from most, a line for each thing they were asked", async () => {
  const run = await makeRun(place, { checks: ["host/example"] });
  for (const [ordinal, verdict] of (["pass", "pass", "fail"] as const).entries())
    await makeResult(place, run.id, {
      ...{
        ordinal,
        verdict,
        checkId: "host/example",
        target: `host-${ordinal}`,
        targetName: `=node-${ordinal}`,
      },
    });
  expect(await textOf("hosts", "csv", { runId: run.id })).toBe(
    `run,cluster,host,check,verdict,most_say,differs\r\n${run.id},prod,'=node-2,host/example,fail,pass,verdict\r\n`,
  );
});

test("by link: for members alone, of our pages alone, with filters that are the view's", async () => {
  const password = await hashPassword("correct horse battery");
  const { userId, email } = ctx.actor.type === "user" ? ctx.actor : { userId: "", email: "" };
  await instance.db.account.create({
    data: { id: randomUUID(), accountId: userId, providerId: "credential", userId, password },
  });
  const { headers } = await instance.services.auth.api.signInEmail({
    body: { email, password: "correct horse battery" },
    returnHeaders: true,
  });
  const cookie = headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const strangers = await instance.team();
  const theirs = await makeCluster({ db: instance.db, teamId: strangers.id }, "theirs");
  const foreign = await makeRun({ ...place, teamId: strangers.id, clusterId: theirs.id });
  const ask = (
    view: string,
    query: string,
    more: Record<string, string> = { cookie },
    team = ctx.team.slug,
  ) =>
    downloadView(
      new Request(`http://127.0.0.1:3000/api/views/x?${query}`, { headers: more }),
      { team, view },
      instance.services,
    );
  const answer = await ask("findings", "format=csv&text=many&state=");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toMatch(
    /attachment; filename="weekbook-findings-.*\.csv"/,
  );
  expect((await answer.text()).split("\r\n")).toHaveLength(252);
  const refusals = [
    [await ask("findings", "format=csv", {}), 404],
    [await ask("findings", "format=csv", { cookie }, strangers.slug), 404],
    [await ask("findings", "format=csv", { cookie, "sec-fetch-site": "cross-site" }), 403],
    [await ask("findings", "format=exe"), 400],
    [await ask("findings", "format=csv&teamId=x"), 400],
    [await ask("findings", "format=csv&state=gone"), 400],
    [await ask("toString", "format=csv"), 404],
    [await ask("comparison", `format=json&runId=${foreign.id}`), 404],
    [await ask("comparison", `format=html&runId=${foreign.id}`), 404],
    [await ask("across", `format=csv&runId=${foreign.id}`), 404],
    [await ask("across", `format=html&language=zh-CN&runId=${foreign.id}`), 404],
    [await ask("hosts", `format=json&runId=${foreign.id}`), 404],
    [await ask("findings", "format=html"), 400],
    [await ask("across", `format=html&language=tlh&runId=${foreign.id}`), 400],
  ] as const;
  expect(refusals.map(([{ status }]) => status)).toEqual(refusals.map(([, status]) => status));
  expect(instance.reported).toEqual([]);
  const events = await instance.db.auditEvent.findMany({
    where: { teamId: ctx.team.id, action: "list.exported" },
    orderBy: { sequence: "desc" },
    take: 1,
  });
  // What was refused left nothing.
  expect(events).toMatchObject([
    {
      ...{ actorId: userId, subjectKind: "list", subjectId: "findings" },
      details: { format: "csv", filter: ["text=many"] },
    },
  ]);
});
