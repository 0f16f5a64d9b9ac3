import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { QuietHours } from "#common/contracts/channel.ts";
import { addChannel, makeEvent, startSending } from "#testing/channels.ts";
import { type HttpReceiver, startHttpReceiver } from "#testing/http-receiver.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import { listDeliveries } from "../domain/channels/deliveries.ts";
import { listChannels } from "../domain/channels/list.ts";
import { testChannel } from "../domain/channels/test.ts";
import { updateChannel } from "../domain/channels/update.ts";
import type { TeamContext } from "../domain/context.ts";

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
  receiver.posts.splice(0);
  ctx = await instance.member(await instance.team(), "admin");
  const cluster = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod");
  place = { instance, teamId: ctx.team.id, clusterId: cluster.id };
  sender = await startSending(instance);
});
afterEach(() => sender?.stop());
afterAll(async () => {
  await receiver?.close();
  await instance?.close();
});

/** An hour before now to three hours after it. */
function quietNow(failBreaksThrough: boolean): QuietHours {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  return { timeZone: "UTC", days: [0, 1, 2, 3, 4, 5, 6], from: at(-1), to: at(3), failBreaksThrough };
}

const sent = async (channelId: string) =>
  (await listDeliveries({ ctx, input: { channelId, limit: 20 } })).items;
const states = (channelId: string, expected: object[]) =>
  vi.waitFor(async () => expect(await sent(channelId)).toMatchObject(expected), {
    timeout: 20_000,
    interval: 20,
  });
const body = (index: number) => JSON.parse(receiver.posts[index]?.body ?? "null");

/** What the page sends back when nothing but the quiet hours was changed. */
async function change(channelId: string, quiet: QuietHours | null) {
  const { channels } = await listChannels({ ctx, mail: false });
  const view = channels.find(({ id }) => id === channelId);
  if (!view) throw new Error("there is no such channel");
  await updateChannel({ ctx, input: { ...view, clusters: null, channelId, quiet } });
}

test("what happens in them is kept and sent as one summary at their end", async () => {
  const address = receiver.url("/hook");
  const { channelId } = await addChannel(ctx, { kind: "webhook", address }, { quiet: quietNow(false) });
  await makeEvent(place, "web-0", { kind: "opened" });
  await states(channelId, [{ state: "held", kind: "summary", changes: 1, attempts: 0 }]);
  await makeEvent(place, "web-1", { kind: "opened", verdict: "warn" });
  await makeEvent(place, "web-0", { kind: "resolved" });
  await states(channelId, [{ state: "held", changes: 3 }]);
  const [held] = await sent(channelId);
  expect(held?.dueAt.getTime()).toBeGreaterThan(Date.now() + 2.9 * 3_600_000);
  expect(receiver.posts).toEqual([]);
  await change(channelId, null);
  await states(channelId, [{ state: "delivered", kind: "summary" }]);
  expect(receiver.posts).toHaveLength(1);
  expect(body(0)).toMatchObject({
    ...{ kind: "summary", headline: "During quiet hours: prod: 1 new, 1 gone" },
    counts: { opened: 1, resolved: 1 },
  });
});

test("a message that was to go when they began joins the summary", async () => {
  const address = receiver.url("/hook");
  const { channelId } = await addChannel(ctx, { kind: "webhook", address }, { groupWaitSeconds: 900 });
  await makeEvent(place, "web-0", { kind: "opened" });
  await states(channelId, [{ state: "waiting", changes: 1 }]);
  await change(channelId, quietNow(false));
  await makeEvent(place, "web-1", { kind: "opened" });
  await states(channelId, [{ state: "held" }, { state: "waiting" }]);
  await instance.db.delivery.updateMany({ where: { state: "waiting" }, data: { dueAt: new Date() } });
  await states(channelId, [{ state: "held", kind: "summary", changes: 2 }]);
  expect(await sent(channelId)).toHaveLength(1);
  expect(receiver.posts).toEqual([]);
});

test("what fails breaks through where the channel says so; what warns waits", async () => {
  const address = receiver.url("/hook");
  const { channelId } = await addChannel(ctx, { kind: "webhook", address }, { quiet: quietNow(true) });
  await makeEvent(place, "warns", { kind: "opened", verdict: "warn" });
  await states(channelId, [{ state: "held" }]);
  await makeEvent(place, "fails", { kind: "opened", verdict: "fail" });
  await states(channelId, [
    { state: "delivered", kind: "changes" },
    { state: "held", changes: 1 },
  ]);
  expect(body(0).findings).toMatchObject([{ verdict: "fail" }]);
});

test("a test is sent in them all the same", async () => {
  const address = receiver.url("/hook");
  const { channelId } = await addChannel(ctx, { kind: "slack", address }, { quiet: quietNow(false) });
  await testChannel({ ctx, input: { channelId } });
  await states(channelId, [{ state: "delivered", kind: "test" }]);
  expect(body(0).text).toContain("Test message from Weekbook");
});

test("quiet hours without an end, or in a zone that is none, are refused at their fields", async () => {
  const place = { kind: "webhook", address: receiver.url("/hook") } as const;
  const quiet = { ...quietNow(false), from: "00:00", to: "00:00" };
  const refused = (field: string, key: string) => expect.objectContaining({ fields: { [field]: key } });
  await expect(addChannel(ctx, place, { quiet })).rejects.toEqual(
    refused("quiet.to", "channel-always-quiet"),
  );
  const mars = { ...quietNow(false), timeZone: "Mars/Olympus" };
  await expect(addChannel(ctx, place, { quiet: mars })).rejects.toEqual(
    refused("quiet.timeZone", "schedule-zone-unknown"),
  );
});
