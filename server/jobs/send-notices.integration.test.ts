import { createHmac, timingSafeEqual } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { addChannel, makeEvent, startSending } from "#testing/channels.ts";
import { type HttpReceiver, type ReceivedPost, startHttpReceiver } from "#testing/http-receiver.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeRun } from "#testing/run-rows.ts";
import { listDeliveries } from "../domain/channels/deliveries.ts";
import { retryDelivery } from "../domain/channels/retry.ts";
import { rotateChannelSecret } from "../domain/channels/rotate-secret.ts";
import { switchChannel } from "../domain/channels/switch.ts";
import { testChannel } from "../domain/channels/test.ts";
import type { TeamContext } from "../domain/context.ts";
import { acknowledgeFindings } from "../domain/findings/acknowledge.ts";

let instance: TestInstance;
let receiver: HttpReceiver;
let ctx: TeamContext;
let place: { instance: TestInstance; teamId: string; clusterId: string };
let sender: Awaited<ReturnType<typeof startSending>> | undefined;

beforeAll(async () => {
  [instance, receiver] = await Promise.all([createTestInstance(), startHttpReceiver()]);
});
beforeEach(async () => {
  await instance.db.channel.deleteMany();
  await instance.db.notice.deleteMany();
  receiver.posts.splice(0);
  ctx = await instance.member(await instance.team(), "admin");
  const cluster = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod");
  place = { instance, teamId: ctx.team.id, clusterId: cluster.id };
});
afterEach(async () => {
  await sender?.stop();
  sender = undefined;
});
afterAll(async () => {
  await receiver?.close();
  await instance?.close();
});

const start = async () => {
  sender = await startSending(instance);
};
const webhook = (path = "/hook") => ({ kind: "webhook", address: receiver.url(path) }) as const;
const posts = (count: number, timeout = 20_000) =>
  vi.waitFor(() => expect(receiver.posts.length).toBe(count), { timeout, interval: 20 });
const sent = async (channelId: string) =>
  (await listDeliveries({ ctx, input: { channelId, limit: 20 } })).items;
const states = (channelId: string, expected: object[]) =>
  vi.waitFor(async () => expect(await sent(channelId)).toMatchObject(expected), {
    timeout: 20_000,
    interval: 20,
  });

/** As docs/notifications.md tells a receiver to do it. */
function verifies({ headers, body }: ReceivedPost, secret: string, now = Date.now()): boolean {
  const timestamp = Number(headers["webhook-timestamp"]);
  if (!(Math.abs(now / 1000 - timestamp) <= 300)) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${headers["webhook-id"]}.${timestamp}.${body}`).digest();
  return String(headers["webhook-signature"])
    .split(" ")
    .some((each) => {
      const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

describe("a signed webhook", () => {
  test("is verified by a receiver, and not with another body, time or secret", async () => {
    const { channelId, signingSecret } = await addChannel(ctx, webhook());
    await makeEvent(place, "web-0", { kind: "opened" });
    await start();
    await posts(1);
    const [post] = receiver.posts;
    if (!post || signingSecret === null) throw new Error("nothing was sent");
    expect(verifies(post, signingSecret)).toBe(true);
    expect(verifies({ ...post, body: `${post.body} ` }, signingSecret)).toBe(false);
    expect(verifies(post, signingSecret, Date.now() + 301_000)).toBe(false);
    expect(verifies(post, `whsec_${Buffer.alloc(32).toString("base64")}`)).toBe(false);
    const body = JSON.parse(post.body);
    expect(body).toMatchObject({
      version: 1,
      kind: "changes",
      counts: { opened: 1 },
      headline: "prod: 1 new",
    });
    expect(body.id).toBe(post.headers["webhook-id"]);
    expect(body.findings[0]).toMatchObject({
      ...{ change: "opened", verdict: "fail", subject: { name: "web-0" }, message: "web-0 is wrong" },
      url: `https://weekbook.example.com/${ctx.team.slug}/findings/${body.findings[0].id}`,
    });
    await states(channelId, [{ state: "delivered", attempts: 1, outcome: { status: 200, answer: "ok" } }]);
  });

  test("signs with both secrets for a day after one was replaced", async () => {
    const { channelId, signingSecret } = await addChannel(ctx, webhook());
    const second = await rotateChannelSecret({ ctx, input: { channelId } });
    await start();
    await testChannel({ ctx, input: { channelId } });
    await posts(1);
    const secrets = [signingSecret ?? "", second.signingSecret];
    expect(secrets.map((secret) => receiver.posts[0] && verifies(receiver.posts[0], secret))).toEqual([
      true,
      true,
    ]);
    await instance.db.channelSecret.updateMany({
      where: { channelId, endsAt: { not: null } },
      data: { endsAt: new Date(0) },
    });
    await states(channelId, [{ state: "delivered" }]);
    await testChannel({ ctx, input: { channelId } });
    await posts(2);
    expect(secrets.map((secret) => receiver.posts[1] && verifies(receiver.posts[1], secret))).toEqual([
      false,
      true,
    ]);
  });
});

describe("what is told", () => {
  test("what one run changed is one message, once the run has ended", async () => {
    await addChannel(ctx, webhook());
    const run = await makeRun(
      { db: instance.db, ...place },
      { status: "running", endedAt: null, verdict: null },
    );
    const runId = run.id;
    await makeEvent(place, "web-0", { kind: "opened", runId });
    await makeEvent(place, "web-1", { kind: "opened", runId, verdict: "warn" });
    // Outside the run: sent at once, which shows that the others were looked at and left.
    await start();
    await makeEvent(place, "other", { kind: "opened" });
    await posts(1);
    await makeEvent(place, "web-2", { kind: "resolved", runId });
    await instance.db.run.update({ where: { id: runId }, data: { status: "done", endedAt: new Date() } });
    await posts(2);
    const body = JSON.parse(receiver.posts[1]?.body ?? "");
    expect(body.counts).toEqual({ opened: 2, resolved: 1 });
    expect(body.runs).toEqual([
      { id: runId, url: `https://weekbook.example.com/${ctx.team.slug}/runs/${runId}`, schedule: null },
    ]);
  });

  test("not what is muted, nor what changes while somebody has acknowledged it", async () => {
    const { channelId } = await addChannel(ctx, webhook());
    await makeEvent(place, "muted", { kind: "opened", muted: true });
    const life = await makeEvent(place, "known", { kind: "opened" });
    await acknowledgeFindings({ ctx, input: { ids: [life.id], note: "On it" } });
    await makeEvent(place, "known", { kind: "worsened", previousVerdict: "warn" });
    expect(await instance.db.notice.findMany()).toMatchObject([{ findingId: life.id, kind: "opened" }]);
    await start();
    await states(channelId, [{ state: "dropped", outcome: { ended: "nothing-left" } }]);
    await makeEvent(place, "known", { kind: "resolved" });
    await instance.db.findingState.update({ where: { id: life.id }, data: { state: "resolved" } });
    await posts(1);
    expect(JSON.parse(receiver.posts[0]?.body ?? "").counts).toEqual({ resolved: 1 });
  });

  test("only to channels that want it; of other teams nothing", async () => {
    await addChannel(ctx, webhook("/failing"), { minimum: "fail" });
    await addChannel(ctx, webhook("/gone"), { transitions: ["resolved"] });
    await addChannel(ctx, webhook("/all"));
    const stranger = await instance.member(await instance.team(), "admin");
    await addChannel(stranger, webhook("/stranger"));
    await makeEvent(place, "web-0", { kind: "opened", verdict: "warn" });
    await start();
    await posts(1);
    await makeEvent(place, "web-1", { kind: "opened" });
    await posts(3);
    expect(receiver.posts.map(({ path }) => path).sort()).toEqual(["/all", "/all", "/failing"]);
  });

  test("nothing is collected where no channel is on, and what waits is dropped with the channel", async () => {
    const { channelId } = await addChannel(ctx, webhook(), { groupWaitSeconds: 900 });
    await makeEvent(place, "web-0", { kind: "opened" });
    await start();
    await states(channelId, [{ state: "waiting", changes: 1, attempts: 0 }]);
    await switchChannel({ ctx, input: { channelId, enabled: false } });
    await instance.db.delivery.updateMany({ data: { dueAt: new Date() } });
    await states(channelId, [{ state: "dropped", outcome: { ended: "switched-off" } }]);
    await makeEvent(place, "web-1", { kind: "opened" });
    expect(await instance.db.notice.count({ where: { routedAt: null } })).toBe(0);
    expect(receiver.posts).toEqual([]);
  });
});

test("twenty thousand changes are one message of ten and a number", async () => {
  const { channelId } = await addChannel(ctx, webhook());
  const { teamId, clusterId } = place;
  const startedMs = performance.now();
  await instance.db.$executeRaw`
    WITH made AS (
      INSERT INTO finding_state ("teamId", "clusterId", fingerprint, "checkId", target, "targetName", code, verdict,
        subject, message, words, "firstSeenAt", "openedAt", "lastSeenAt", "lastRunId", "lastResultId", "lastOrdinal",
        "askedAs")
      SELECT ${teamId}::uuid, ${clusterId}::uuid, 'f' || n, 'kubernetes/example', 'kubernetes', 'k', 'c', 'warn',
        jsonb_build_object('kind', 'Pod', 'name', 'pod-' || n), '{"en": "wrong", "zh-CN": "有问题"}', '', now(), now(),
        now(), gen_random_uuid(), gen_random_uuid(), 0, '{}' FROM generate_series(1, 20000) n
      RETURNING id, fingerprint
    )
    INSERT INTO finding_event ("teamId", "clusterId", "findingId", fingerprint, kind, verdict)
    SELECT ${teamId}::uuid, ${clusterId}::uuid, id, fingerprint, 'opened', 'warn' FROM made`;
  const recordedMs = performance.now();
  await start();
  await posts(1, 90_000);
  const sentMs = performance.now();
  console.log(
    `recorded in ${Math.round(recordedMs - startedMs)} ms, sent ${Math.round(sentMs - recordedMs)} ms later`,
  );
  const body = JSON.parse(receiver.posts[0]?.body ?? "");
  expect(body).toMatchObject({ counts: { opened: 20_000 }, more: 19_990 });
  expect(body.findings).toHaveLength(10);
  await states(channelId, [{ state: "delivered", changes: 20_000 }]);
});

describe("when the far end does not take it", () => {
  test("it is asked again as late as it wants, with the same id and body", async () => {
    const { channelId } = await addChannel(ctx, webhook());
    receiver.answerNext((response) =>
      response.writeHead(503, { "retry-after": "2" }).end("busy, whsec_abcdefghijklmnopqrstuvwxyz0123"),
    );
    await makeEvent(place, "web-0", { kind: "opened" });
    await start();
    await states(channelId, [
      { state: "failed", attempts: 1, outcome: { status: 503, answer: "busy, [redacted]" } },
    ]);
    await instance.pool.query(`UPDATE delivery SET "dueAt" = "dueAt" - interval '10 seconds'`);
    await posts(2);
    await states(channelId, [{ state: "delivered", attempts: 2 }]);
    const [first, second] = receiver.posts;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
  });

  test("a no that is meant ends it; Try again sends it", async () => {
    const { channelId } = await addChannel(ctx, webhook());
    receiver.answerNext((response) => response.writeHead(404).end("no_service"));
    await makeEvent(place, "web-0", { kind: "opened" });
    await start();
    const ended = { ended: "refused", status: 404, answer: "no_service" };
    await states(channelId, [{ state: "given_up", attempts: 1, outcome: ended }]);
    const [{ id: deliveryId = "" } = {}] = await sent(channelId);
    await retryDelivery({ ctx, input: { deliveryId } });
    await posts(2);
    await states(channelId, [{ id: deliveryId, state: "delivered" }]);
    await expect(retryDelivery({ ctx, input: { deliveryId } })).rejects.toThrow("delivery-not-retried");
  });

  test("after the last attempt it is given up", async () => {
    const { channelId } = await addChannel(ctx, webhook());
    await makeEvent(place, "web-0", { kind: "opened" });
    receiver.answerNext(
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(500).end(),
    );
    await start();
    await states(channelId, [{ state: "failed" }]);
    await instance.db.delivery.updateMany({ data: { attempts: 9, dueAt: new Date() } });
    await states(channelId, [
      { state: "given_up", attempts: 10, outcome: { ended: "exhausted", status: 500 } },
    ]);
  });

  test("it does not go where it is sent on to", async () => {
    const { channelId } = await addChannel(ctx, webhook());
    receiver.answerNext((response) =>
      response.writeHead(302, { location: receiver.url("/elsewhere") }).end(),
    );
    await makeEvent(place, "web-0", { kind: "opened" });
    await start();
    await states(channelId, [{ state: "given_up", outcome: { status: 302, ended: "refused" } }]);
    expect(receiver.to("/elsewhere")).toEqual([]);
  });

  test.each([
    ["https://169.254.169.254/latest/meta-data", "metadata-address"],
    ["http://10.1.2.3/hook", "private-address"],
    ["https://[fd00:ec2::254]/", "metadata-address"],
  ])("%s is not connected to", async (address, token) => {
    const { channelId } = await addChannel(ctx, { kind: "slack", address });
    await start();
    await testChannel({ ctx, input: { channelId } });
    const reason = { code: "refused-address", detail: expect.stringContaining(token) };
    await states(channelId, [{ state: "given_up", kind: "test", outcome: { ended: "refused", reason } }]);
  });

  test("nor is our own database", async () => {
    const { port } = new URL(instance.url);
    const { channelId } = await addChannel(ctx, {
      kind: "slack",
      address: `http://127.0.0.1:${port || 5432}/x`,
    });
    await start();
    await testChannel({ ctx, input: { channelId } });
    const reason = { code: "refused-address", detail: expect.stringContaining("own-database") };
    await states(channelId, [{ state: "given_up", outcome: { reason } }]);
  });
});

test("the address of a webhook is in no row that is not sealed, no log and no audit event", async () => {
  const secret = "T0AAAAAAA/B0BBBBBBB/canary0canary0canary0WXYZ";
  const { channelId } = await addChannel(ctx, {
    kind: "slack",
    address: receiver.url(`/services/${secret}`),
  });
  receiver.answerNext((response, { path }) =>
    response.writeHead(400).end(`what is ${path}, that is canary0canary0canary0WXYZ`),
  );
  await start();
  await testChannel({ ctx, input: { channelId } });
  await states(channelId, [{ state: "given_up", outcome: { status: 400 } }]);
  expect(receiver.posts[0]?.path).toContain(secret);
  await sender?.stop();
  const { rows: tables } = await instance.pool.query<{ name: string }>(
    "SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  for (const { name } of tables) {
    const { rows } = await instance.pool.query(
      `SELECT t::text FROM ${name} t WHERE t::text LIKE '%canary0%'`,
    );
    expect([name, rows]).toEqual([name, []]);
  }
  expect(sender?.logged()).toContain("a message was sent");
  expect(sender?.logged()).not.toContain("canary0");
});
