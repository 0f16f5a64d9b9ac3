import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CreateShare } from "#common/contracts/share.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { sharePage } from "#server/api/share-page.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { askRest } from "#testing/rest.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import { createShare } from "./create.ts";
import { listShares } from "./list.ts";
import { openLimit } from "./open.ts";
import { revokeShare } from "./revoke.ts";

let instance: TestInstance;
let team: Awaited<ReturnType<TestInstance["team"]>>;
let ctx: TeamContext;
let run: Awaited<ReturnType<typeof makeRun>>;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

/** Names as a team has them: none may leave it where names are hidden. `default` is also a word of our own texts. */
const names = {
  cluster: "acme-prod",
  namespace: "payments-zurich",
  pod: "ledger-7f9c4-x2x4k",
  container: "ledger",
  host: "db7.acme.internal",
  address: "10.44.3.17",
  address6: "fd00:44::17",
  image: "registry.acme.example/ledger:2.3",
  person: "Wanda Requester",
  account: "wanda@acme.example",
  plain: "zebrafinch",
};
const secretEvidence = "evidence-of-everything";

beforeEach(async () => {
  team = await instance.team(`Acme ${randomUUID().slice(0, 8)}`);
  ctx = await instance.member(team, "operator");
  const cluster = await makeCluster({ db: instance.db, teamId: team.id }, names.cluster);
  place = { db: instance.db, teamId: team.id, clusterId: cluster.id };
  run = await makeRun(place, { requestedBy: names.person, runbook: "duplicate-pod-ip" });
  await fill(run.id);
});

async function fill(runId: string, fingerprint = "one") {
  const what = `list pods in namespace ${names.namespace} on ${names.host}`;
  const result = await makeResult(place, runId, {
    ...{ checkId: "kubernetes/duplicate-pod-ip", targetName: names.cluster },
    reason: { code: "forbidden", what, detail: `${names.account} may not` },
    coverage: [{ what, read: 3, unit: "pods", missing: [{ code: "forbidden", what }] }],
  });
  const sentence = `Pod ${names.namespace}/${names.pod} (${names.container}) shares ${names.address} and ${names.address6} with ${names.plain} on ${names.host}, image ${names.image}, for 12 ms.`;
  await instance.db.finding.create({
    data: {
      ...{ runId, resultId: result.id, ordinal: 0, fingerprint, verdict: "fail", code: "shared-address" },
      subject: { kind: "Pod", namespace: names.namespace, name: names.pod, part: names.container },
      affected: { count: 40, sample: [{ kind: "Node", name: names.host }] },
      message: {
        en: sentence,
        "zh-CN": `容器组${names.pod}与${names.plain}共用地址${names.address}，已 12 ms。`,
      },
      ...{ observed: `${names.address} twice`, expected: `once in ${names.namespace}` },
      evidence: [{ source: names.pod, excerpt: secretEvidence }],
      remedy: [
        {
          purpose: "fix",
          text: { en: `Delete ${names.pod}.`, "zh-CN": `删除 ${names.pod}。` },
          command: `kubectl delete pod --namespace ${names.namespace} ${names.pod}`,
        },
      ],
    },
  });
}

const asked: Omit<CreateShare, "runId"> = { withRunId: null, days: 7, hideNames: true, note: "Ticket 7" };
const make = (more: Partial<CreateShare> = {}, by = ctx) =>
  createShare({ ctx: by, input: { runId: run.id, ...asked, ...more } });

async function open(token: string, language = "en") {
  const request = new Request(`http://127.0.0.1:3000/share/${token}?language=${language}`);
  const response = await sharePage(request, token, instance.services);
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, text: await response.text() };
}

describe("what a link shows", () => {
  test.each(["en", "zh-CN"])("names hidden, in %s: none of them is in the page", async (language) => {
    const { token } = await make();
    const { status, text } = await open(token, language);
    expect(status).toBe(200);
    for (const [what, name] of Object.entries(names)) expect(text, what).not.toContain(name);
    for (const part of ["acme", "zurich", "x2x4k", "wanda"]) expect(text.toLowerCase()).not.toContain(part);
    expect(text).not.toContain(secretEvidence);
    expect(text).toContain("kubectl delete pod --namespace namespace-");
    expect(text).toContain("12 ms");
  });

  test("a name that is an ordinary word goes from the sentences of all findings of the run", async () => {
    const { db } = instance;
    const finding = (resultId: string, data: { name: string; message: string; sample?: string }) =>
      db.finding.create({
        data: {
          ...{ runId: run.id, resultId, ordinal: 1, fingerprint: data.name, verdict: "warn", code: "x" },
          subject: { kind: "Pod", namespace: "shop", name: data.name },
          message: { en: data.message, "zh-CN": data.message },
          ...(data.sample ? { affected: { count: 1, sample: [{ kind: "Node", name: data.sample }] } } : {}),
        },
      });
    const result = (checkId: string, target: string, targetName: string) =>
      makeResult(place, run.id, { checkId, target, targetName, ordinal: 1 });
    const host = await result("host/conntrack", "ssh:a", "gateway");
    await finding(host.id, { name: "one", message: "one is slow", sample: "table" });
    const other = await result("kubernetes/cpu-throttling", "kubernetes", names.cluster);
    await finding(other.id, {
      name: "default",
      message: "default waits for the gateway, the table and the queue",
    });
    const { text } = await open((await make()).token);
    const [, said = ""] = /<p>([^<]*waits for the[^<]*)<\/p>/.exec(text) ?? [];
    // What is the name of nothing in the run stays: that is what docs/sharing.md says.
    expect(said).toMatch(
      /^pod-[0-9a-f]{8} waits for the host-[0-9a-f]{8}, the node-[0-9a-f]{8} and the queue$/,
    );
  });

  test("a host that only the team's own check asked is hidden; what stands for no target is no name", async () => {
    const result = (checkId: string, target: string, targetName: string) =>
      makeResult(place, run.id, { checkId, target, targetName, ordinal: 1 });
    await result("team/own/line-1", "ssh:a", "queue");
    await result("host/conntrack", "none", "none");
    const { id: resultId } = await result("kubernetes/cpu-throttling", "kubernetes", names.cluster);
    const message = "none of the queue is there";
    await instance.db.finding.create({
      data: {
        ...{ runId: run.id, resultId, ordinal: 1, fingerprint: "x", verdict: "warn", code: "x" },
        subject: { kind: "Pod", namespace: "shop", name: "one" },
        message: { en: message, "zh-CN": message },
      },
    });
    const { text } = await open((await make()).token);
    expect(text).toMatch(/none of the target-[0-9a-f]{8} is there/);
  });

  test("the same name has the same sign, in each of a link's pages and in no other link", async () => {
    const [first, second] = [await make(), await make()];
    const signs = async (token: string) => [
      ...new Set((await open(token)).text.match(/\b(?:pod|namespace|cluster)-[0-9a-f]{8}\b/g)),
    ];
    const once = await signs(first.token);
    expect(once).toHaveLength(3);
    expect(await signs(first.token)).toEqual(once);
    for (const sign of await signs(second.token)) expect(once).not.toContain(sign);
  });

  test("names shown: evidence and who asked for it stay inside all the same", async () => {
    const { token } = await make({ hideNames: false });
    const { text } = await open(token);
    expect(text).toContain(names.pod);
    expect(text).toContain(names.address);
    for (const kept of [names.person, secretEvidence, team.name, team.slug, team.id])
      expect(text).not.toContain(kept);
  });

  test("a check that the team wrote shows no text of its own", async () => {
    await instance.db.result.updateMany({
      where: { runId: run.id },
      data: { checkId: "team/zebrafinch-check", reason: undefined },
    });
    const { text } = await open((await make()).token);
    expect(text).toContain("A check that the team wrote");
    for (const name of Object.values(names)) expect(text).not.toContain(name);
  });

  test("two runs side by side", async () => {
    const before = await makeRun(place, { requestedBy: names.person });
    await fill(before.id, "gone");
    const complete = { reason: Prisma.DbNull, coverage: [] };
    await instance.db.result.updateMany({ where: { teamId: team.id }, data: complete });
    const { token } = await make({ withRunId: before.id });
    const { status, text } = await open(token);
    expect(status).toBe(200);
    expect(text).toContain("1 new, 1 fixed, 0 changed");
    for (const [what, name] of Object.entries(names)) expect(text, what).not.toContain(name);
    expect(text).not.toContain(secretEvidence);
  });

  test("a run whose month is gone says so", async () => {
    const { token } = await make();
    await instance.db.runPart.deleteMany({ where: { runId: run.id } });
    await instance.db.run.delete({ where: { id: run.id } });
    const { status, text } = await open(token);
    expect(status).toBe(410);
    expect(text).toContain("This run is no longer kept");
  });
});

describe("who gets in", () => {
  test("revoked, expired and made up are one and the same", async () => {
    const [revoked, expired] = [await make(), await make()];
    await revokeShare({ ctx, input: { shareId: revoked.id } });
    const past = new Date(Date.now() - 1_000);
    await instance.db.shareLink.update({ where: { id: expired.id }, data: { expiresAt: past } });
    const unknown = await open("A".repeat(43));
    expect(unknown.status).toBe(404);
    for (const token of [revoked.token, expired.token, "", "x", "é".repeat(50)]) {
      expect(await open(token)).toEqual(unknown);
    }
    const rows = await instance.db.shareLink.findMany({ where: { teamId: team.id } });
    for (const row of rows) expect(row).toMatchObject({ opens: 0, lastOpenedAt: null });
  });

  test("nothing of it travels on or is kept, and it may run nothing", async () => {
    const { headers } = await open((await make()).token);
    expect(headers).toMatchObject({
      "referrer-policy": "no-referrer",
      "x-robots-tag": expect.stringContaining("noindex"),
      "cache-control": "private, no-store",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect(headers["content-security-policy"]).not.toContain("script-src");
  });

  test("openings are counted, and not more than so many a minute are served", async () => {
    const { id, token } = await make();
    await instance.db.shareLink.update({
      where: { id },
      data: { requests: openLimit.most - 1, windowStart: new Date() },
    });
    expect((await open(token)).status).toBe(200);
    const refused = await open(token);
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("60");
    expect((await listShares({ ctx, input: { runId: run.id } })).items[0]).toMatchObject({ opens: 2 });
    // The audit log knows of the first time, and does not grow with every other.
    const events = await instance.db.auditEvent.findMany({ where: { subjectKind: "share", subjectId: id } });
    expect(events.map(({ action, actorKind, teamId }) => [action, actorKind, teamId])).toEqual([
      ["share.made", "user", ctx.team.id],
      ["share.firstOpened", "nobody", ctx.team.id],
    ]);
  });

  test("the database holds no secret, and the API takes none of a link", async () => {
    const { token } = await make();
    const rows = await instance.db.$queryRaw<object[]>`SELECT s::text FROM share_link s`;
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const secret of [token, `wbk_${token}`]) {
      expect((await askRest(instance, secret, `/runs/${run.id}`)).status).toBe(401);
    }
  });
});

describe("who may what", () => {
  test("viewers make none, and operators end only their own", async () => {
    const viewer = await instance.member(team, "viewer");
    await expect(make({}, viewer)).rejects.toMatchObject({ code: "forbidden" });
    const { id } = await make();
    const another = await instance.member(team, "operator");
    await expect(revokeShare({ ctx: another, input: { shareId: id } })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await listShares({ ctx: another, input: {} })).items[0]).toMatchObject({
      state: "active",
      mine: false,
    });
    const admin = await instance.member(team, "admin");
    await revokeShare({ ctx: admin, input: { shareId: id } });
    await revokeShare({ ctx: admin, input: { shareId: id } });
    const [row] = (await listShares({ ctx, input: {} })).items;
    expect(row).toMatchObject({ state: "revoked", mine: true, note: "Ticket 7" });
    const events = await instance.db.auditEvent.findMany({
      where: { teamId: team.id },
      orderBy: { sequence: "asc" },
    });
    expect(events.map(({ action }) => action)).toEqual(["share.made", "share.revoked"]);
  });

  test("another team's run, and one that still goes on", async () => {
    const stranger = await instance.member(await instance.team(), "owner");
    await expect(make({}, stranger)).rejects.toMatchObject({ code: "not-found" });
    const going = await makeRun(place, { status: "running", verdict: null, endedAt: null });
    await expect(make({ runId: going.id })).rejects.toMatchObject({ message: "run-not-ended" });
    await expect(make({ withRunId: going.id })).rejects.toMatchObject({ message: "run-not-ended" });
  });

  test("no link works longer than 90 days, whatever asks for it", async () => {
    await expect(make({ days: 91 })).rejects.toThrow(/share_link_expires/);
  });

  test("a long list comes page by page", async () => {
    for (let made = 0; made < 52; made += 1) await make();
    const first = await listShares({ ctx, input: { runId: run.id } });
    const second = await listShares({ ctx, input: { runId: run.id, cursor: first.next } });
    expect([first.items.length, second.items.length, second.next]).toEqual([50, 2, null]);
  });
});
