import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeFindings, makeLife, makeResult, makeRun } from "#testing/run-rows.ts";
import { addComment } from "../comments/add.ts";
import { editComment } from "../comments/edit.ts";
import { followTalk } from "../comments/follow.ts";
import { listComments } from "../comments/list.ts";
import { removeComment } from "../comments/remove.ts";
import { markInboxSeen } from "../inbox/mark.ts";
import { readInbox } from "../inbox/read.ts";
import { acknowledgeFindings } from "./acknowledge.ts";
import { countLives } from "./count.ts";
import { earlierLives } from "./earlier.ts";
import { getLife } from "./get.ts";
import { listLives } from "./list.ts";
import { muteFindings } from "./mute.ts";
import { reopenFindings } from "./reopen.ts";
import { settleFindings } from "./settle.ts";
import { unmuteFindings } from "./unmute.ts";

let instance: TestInstance;
let ctx: TeamContext;
let other: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());
beforeEach(async () => {
  const team = await instance.team();
  ctx = await instance.member(team, "operator");
  other = await instance.member(team, "operator");
  const { db } = instance;
  place = { db, teamId: team.id, clusterId: (await makeCluster({ db, teamId: team.id }, "prod")).id };
});

const later = (ms = 3_600_000) => new Date(Date.now() + ms);
const userOf = ({ actor }: TeamContext) => (actor.type === "user" ? actor.userId : "");
const names = async (filter = {}, input = {}) => {
  const { items, next } = await listLives({ ctx, input: { filter, limit: 50, ...input } });
  return { names: items.map(({ subject }) => subject.name), next };
};

test("the list is worst first, then newest, page by page, and filtered", async () => {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await makeLife(place, "old-fail", { openedAt: at(9) });
  await makeLife(place, "new-fail", { openedAt: at(1) });
  await makeLife(place, "doubt", { verdict: "unknown", words: "payments doubt" });
  await makeLife(place, "warns", { verdict: "warn", checkId: "host/other" });
  await makeLife(place, "over", { state: "resolved" });
  expect((await names()).names).toEqual(["new-fail", "old-fail", "doubt", "warns"]);
  const first = await names({}, { limit: 2 });
  expect(first.names).toEqual(["new-fail", "old-fail"]);
  expect(await names({}, { limit: 2, cursor: first.next })).toEqual({
    names: ["doubt", "warns"],
    next: null,
  });
  expect((await names({ verdict: "warn" })).names).toEqual(["warns"]);
  expect((await names({ state: "resolved" })).names).toEqual(["over"]);
  expect((await names({ text: " Payments" })).names).toEqual(["doubt"]);
  expect((await names({ check: "host/other" })).names).toEqual(["warns"]);
  expect((await names({ cluster: "elsewhere" })).names).toEqual([]);
  expect((await names({ runbook: "no-such" })).names).toEqual([]);
  expect((await names({ mine: true })).names).toEqual([]);
});

test("a mute is counted, has an owner, an end and a reason, and one that ran out is open at once", async () => {
  const { id } = await makeLife(place, "a");
  await makeLife(place, "b");
  const until = later();
  expect(await muteFindings({ ctx, input: { ids: [id], reason: "Planned", until } })).toEqual({ changed: 1 });
  expect(await countLives({ ctx, input: { filter: {} } })).toMatchObject({ open: 1, muted: 1 });
  expect((await names()).names.sort()).toEqual(["a", "b"]);
  expect((await names({ mine: true })).names).toEqual(["a"]);
  const life = await getLife({ ctx, input: { id } });
  expect(life.muted).toMatchObject({ note: "Planned", until });
  expect(life.events.map(({ kind }) => kind)).toEqual(["muted"]);
  await instance.db.findingState.update({ where: { id }, data: { mutedUntil: new Date(Date.now() - 1) } });
  expect(await countLives({ ctx, input: { filter: {} } })).toMatchObject({ open: 2, muted: 0 });
  expect(await getLife({ ctx, input: { id } })).toMatchObject({ state: "open", muted: null });
});

test("a mute needs an end that is to come, and within a year", async () => {
  const { id } = await makeLife(place, "a");
  for (const [until, key] of [
    [later(-1_000), "mute-in-the-past"],
    [later(400 * 86_400_000), "mute-too-long"],
  ] as const) {
    await expect(muteFindings({ ctx, input: { ids: [id], reason: "x", until } })).rejects.toMatchObject({
      fields: { until: key },
    });
  }
});

test("acknowledged, reopened, settled, muted and unmuted: each once, with who and why", async () => {
  const { id } = await makeLife(place, "a");
  const ids = [id];
  await acknowledgeFindings({ ctx, input: { ids, note: "Known" } });
  expect(await getLife({ ctx, input: { id } })).toMatchObject({
    state: "acknowledged",
    acknowledged: { note: "Known" },
  });
  await reopenFindings({ ctx, input: { ids } });
  await settleFindings({ ctx, input: { ids, note: "Host is gone" } });
  expect(await settleFindings({ ctx, input: { ids, note: "Again" } })).toEqual({ changed: 0 });
  await reopenFindings({ ctx, input: { ids } });
  await muteFindings({ ctx, input: { ids, reason: "x", until: later() } });
  await unmuteFindings({ ctx, input: { ids } });
  const { events, state } = await getLife({ ctx, input: { id } });
  expect(state).toBe("open");
  expect(events.map(({ kind, note }) => [kind, note])).toEqual([
    ["acknowledged", "Known"],
    ["reopened", null],
    ["resolved", "Host is gone"],
    ["reopened", null],
    ["muted", "x"],
    ["unmuted", null],
  ]);
  expect(events.every(({ by }) => by !== null)).toBe(true);
});

test("one that is not the team's, among those that are, and none is changed", async () => {
  const { id } = await makeLife(place, "a");
  const stranger = await instance.member(await instance.team(), "owner");
  const theirs = { db: instance.db, teamId: stranger.team.id };
  const clusterId = (await makeCluster(theirs, "prod")).id;
  const foreign = await makeLife({ ...theirs, clusterId }, "b");
  const input = { ids: [id, foreign.id], note: "x" };
  await expect(acknowledgeFindings({ ctx, input })).rejects.toMatchObject({ code: "not-found" });
  expect((await getLife({ ctx, input: { id } })).state).toBe("open");
  await expect(getLife({ ctx, input: { id: foreign.id } })).rejects.toMatchObject({ code: "not-found" });
});

test("its page has the evidence of the last result that holds it, and the runs it was seen in", async () => {
  const run = await makeRun(place);
  const result = await makeResult(place, run.id, { endedAt: new Date() });
  await makeFindings(instance.db, { runId: run.id, resultId: result.id }, [
    { fingerprint: "a", observed: "9" },
  ]);
  const { id } = await makeLife(place, "a", { lastRunId: run.id, lastResultId: result.id });
  const life = await getLife({ ctx, input: { id } });
  expect(life.newest).toMatchObject({ runId: run.id, observed: "9" });
  expect(life.seenIn.map(({ runId }) => runId)).toEqual([run.id]);
  const dropped = await makeLife(place, "b");
  expect((await getLife({ ctx, input: { id: dropped.id } })).newest).toBeNull();
});

test("comments: members only are mentioned, own ones are changed, all of them are heard of", async () => {
  const { id: findingId } = await makeLife(place, "a");
  const add = (mentions: string[], by = ctx) =>
    addComment({ ctx: by, input: { findingId, text: "Look\nhere", mentions } });
  const outsider = await instance.person();
  await expect(add([outsider.userId])).rejects.toMatchObject({ fields: { text: "mention-not-member" } });

  const aborted = new AbortController();
  const heard = followTalk({
    ...{
      ctx: other,
      input: { place: { findingId } },
      notices: instance.services.hub,
      signal: aborted.signal,
    },
  });
  expect(await heard.next()).toMatchObject({ value: 1 });
  const second = heard.next();
  const { commentId } = await add([userOf(other)]);
  expect(await second).toMatchObject({ value: 2 });
  const ended = heard.next();
  aborted.abort();
  await ended;
  await heard.return();

  const list = () => listComments({ ctx: other, input: { findingId } });
  expect(await list()).toMatchObject([{ text: "Look\nhere", mine: false, editedAt: null }]);
  const edited = { commentId, text: "Other", mentions: [] };
  await expect(editComment({ ctx: other, input: edited })).rejects.toMatchObject({ code: "not-found" });
  await expect(removeComment({ ctx: other, input: { commentId } })).rejects.toMatchObject({
    code: "not-found",
  });
  await editComment({ ctx, input: edited });
  expect(await list()).toMatchObject([{ text: "Other", editedAt: expect.any(Date) }]);
  expect((await getLife({ ctx, input: { id: findingId } })).events).toMatchObject([{ note: "Other" }]);
  await removeComment({ ctx, input: { commentId } });
  expect(await list()).toEqual([]);
  expect((await getLife({ ctx, input: { id: findingId } })).events).toEqual([]);
});

test("the inbox: what opened as one entry, mentions, comments on mine; not my own, not what is muted", async () => {
  const run = await makeRun(place);
  const result = await makeResult(place, run.id);
  const lives = await Promise.all(["a", "b"].map((name) => makeLife(place, name)));
  const told = { ...{ teamId: place.teamId, clusterId: place.clusterId, verdict: "fail" as const } };
  const events = lives.map(({ id, fingerprint }) => ({
    ...{ ...told, findingId: id, fingerprint, kind: "opened" as const, runId: run.id, resultId: result.id },
  }));
  await instance.db.findingEvent.createMany({
    data: [...events, ...events.map((event) => ({ ...event, kind: "worsened" as const, muted: true }))],
  });
  const [a, b] = lives.map(({ id }) => id);
  await acknowledgeFindings({ ctx, input: { ids: [a ?? ""], note: "Mine" } });
  await addComment({ ctx: other, input: { findingId: a, text: "On yours", mentions: [] } });
  await addComment({ ctx: other, input: { findingId: b, text: "Nobody asked", mentions: [] } });
  await addComment({ ctx: other, input: { runId: run.id, text: "@me", mentions: [userOf(ctx)] } });
  await addComment({ ctx, input: { findingId: a, text: "My own", mentions: [] } });
  const inbox = await readInbox({ ctx });
  expect(inbox.entries).toMatchObject([
    { type: "comment", mentioned: true, excerpt: "@me", runId: run.id },
    { type: "comment", mentioned: false, excerpt: "On yours" },
    { type: "findings", kind: "opened", count: 2, verdict: "fail" },
  ]);
  expect(inbox.fresh).toBe(3);
  await markInboxSeen({ ctx, input: { until: inbox.entries[1]?.at ?? new Date() } });
  expect((await readInbox({ ctx })).entries.map(({ fresh }) => fresh)).toEqual([true, false, false]);
  await markInboxSeen({ ctx, input: { until: new Date(0) } });
  expect((await readInbox({ ctx })).fresh).toBe(1);
});

test("the last time it looked like that: who said what, and what was run in the hour after", async () => {
  const { id } = await makeLife(place, "now");
  const before = await makeLife(place, "before", { state: "resolved" });
  const { id: unlike } = await makeLife(place, "unlike", { code: "other" });
  const event = {
    ...{ teamId: place.teamId, clusterId: place.clusterId, findingId: before.id, fingerprint: "before" },
    verdict: "fail" as const,
  };
  await instance.db.findingEvent.create({
    data: { ...event, kind: "opened", at: new Date(Date.now() - 5_000) },
  });
  const run = await makeRun(place, { requestedBy: "Grace" });
  await makeResult(place, run.id, { checkId: "kubernetes/helped" });
  await addComment({ ctx, input: { findingId: before.id, text: "Drained it", mentions: [] } });
  await instance.db.findingEvent.create({ data: { ...event, kind: "resolved", at: new Date() } });
  expect(await earlierLives({ ctx, input: { id } })).toMatchObject([
    {
      id: before.id,
      resolvedBy: null,
      notes: [{ text: "Drained it" }],
      checks: [{ checkId: "kubernetes/helped", by: "Grace", runId: run.id }],
    },
  ]);
  expect(await earlierLives({ ctx, input: { id: unlike } })).toEqual([]);
});
