import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { sessionRunSchema } from "#common/contracts/runbook-session.ts";
import { type SummaryWords, sessionSummary } from "#common/session-summary.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { createTeamRunbook } from "../team-runbooks/create.ts";
import { addNote } from "./add-note.ts";
import { closeSession } from "./close.ts";
import { followSession } from "./follow.ts";
import { getSession } from "./get.ts";
import { listSessions } from "./list.ts";
import { reopenSession } from "./reopen.ts";
import { startSession } from "./start.ts";
import { startSessionRun } from "./start-run.ts";
import { tickStep } from "./tick.ts";

let instance: TestInstance;
let ada: TeamContext;
let grace: TeamContext;
let viewer: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  [ada, grace] = [await instance.member(team, "operator"), await instance.member(team, "operator")];
  viewer = await instance.member(team, "viewer");
  await makeCluster({ db: instance.db, teamId: team.id }, "harbor");
});
afterAll(() => instance.close());

async function begin(ctx = ada): Promise<string> {
  const input = { runbook: "duplicate-pod-ip", cluster: "harbor", title: "Monday", locale: "en" } as const;
  return (await startSession({ ctx, input })).sessionId;
}
const read = async (sessionId: string) => getSession({ ctx: viewer, input: { sessionId } });
const words: SummaryWords = {
  ...{ runbook: "Runbook", cluster: "Cluster", started: "Started", closed: "Closed", steps: "Steps" },
  ...{ runs: "Runs", found: "Found", openPoints: "Open", notes: "Notes", none: "None", notDone: "not yet" },
};
const who = (ctx: TeamContext) => (ctx.actor.type === "user" ? ctx.actor.name : "");

test("a session has the text and the steps of its runbook, and what people do in it", async () => {
  const sessionId = await begin();
  const { state, steps, article } = await read(sessionId);
  expect(state).toMatchObject({ title: "Monday", cluster: { slug: "harbor" }, ticks: [], closedAt: null });
  expect(steps.map(({ section }) => section)).toEqual(expect.arrayContaining(["fix", "verify"]));
  expect(article.length).toBeGreaterThan(10);
  await tickStep({ ctx: ada, input: { sessionId, step: 1, done: true } });
  await tickStep({ ctx: grace, input: { sessionId, step: 2, done: true } });
  await tickStep({ ctx: grace, input: { sessionId, step: 2, done: false } });
  await addNote({ ctx: grace, input: { sessionId, text: "<b>**seen**</b>" } });
  const after = (await read(sessionId)).state;
  expect(after.ticks).toMatchObject([{ step: 1, by: who(ada) }]);
  expect(after.notes).toMatchObject([{ text: "<b>**seen**</b>", by: who(grace) }]);
  expect(after.seq).toBe(4);
  const gone = tickStep({ ctx: ada, input: { sessionId, step: 999, done: true } });
  await expect(gone).rejects.toMatchObject({ message: "session-step-not-found" });
});

test("of many who tick one step at once nobody is refused, and one is named", async () => {
  const sessionId = await begin();
  const tick = (ctx: TeamContext) => tickStep({ ctx, input: { sessionId, step: 1, done: true } });
  await Promise.all([ada, grace, ada, grace].map(tick));
  const { state } = await read(sessionId);
  expect(state.ticks).toHaveLength(1);
  expect(state.seq).toBe(4);
});

test("a closed session can only be read, until it is opened again", async () => {
  const sessionId = await begin();
  await closeSession({ ctx: ada, input: { sessionId, found: "All well", openPoints: "None" } });
  const closed = { code: "conflict", message: "session-closed" };
  const input = { sessionId, step: 1, done: true };
  await expect(tickStep({ ctx: grace, input })).rejects.toMatchObject(closed);
  await expect(addNote({ ctx: grace, input: { sessionId, text: "late" } })).rejects.toMatchObject(closed);
  const run = { sessionId, idempotencyKey: randomUUID(), confirmActive: [] };
  await expect(startSessionRun({ ctx: grace, input: run })).rejects.toMatchObject(closed);
  expect((await read(sessionId)).state).toMatchObject({ found: "All well", closedBy: who(ada) });
  await reopenSession({ ctx: grace, input: { sessionId } });
  await tickStep({ ctx: grace, input });
  const events = await instance.db.auditEvent.findMany({
    where: { subjectId: sessionId },
    orderBy: { sequence: "asc" },
  });
  expect(events.map(({ action }) => action)).toEqual([
    "session.started",
    "session.closed",
    "session.reopened",
  ]);
});

const ownRunbook = `---
title: Many pods
summary: What we saw.
tags: [ours]
---

## See it

\`\`\`check
id: many-pods
title: Not too many
why: They take what others need.
remedy: Remove some.
params:
  most: {type: integer, default: 100}
  word: {default: theirs}
kubernetes: {kind: Pod}
expect: params.most > 0
message: "{object.metadata.name}"
verdict: warn
\`\`\`
`;

describe("chosen checks are run as from the runbook's page", () => {
  const start = (ctx: TeamContext, sessionId: string, asked: Partial<z.output<typeof sessionRunSchema>>) =>
    startSessionRun({
      ctx,
      input: { sessionId, idempotencyKey: randomUUID(), confirmActive: [], ...asked },
    });
  const active = {
    id: "kubernetes/port-forward",
    params: { namespace: "shop", pod: "web-0", port: 80, send: "nothing" },
  };
  const agreed = { check: active.id, cluster: "harbor", target: "kubernetes" };

  test("with parameters, which the session names, and of a secret only that there was one", async () => {
    const sessionId = await begin();
    const canary = "Bearer canary-of-a-session-0123456789";
    const checks = [
      { id: "kubernetes/cpu-throttling", params: { warnPercent: 7.5, failPercent: 25 } },
      { id: "endpoint/registry-mirror", params: { images: canary } },
    ];
    const { runId } = await start(ada, sessionId, { checks });
    const { state, steps } = await read(sessionId);
    expect(state.runs).toMatchObject([
      {
        id: runId,
        checks: [
          { id: "kubernetes/cpu-throttling", params: ["warnPercent: 7.5"], agreed: false },
          { id: "endpoint/registry-mirror", params: [expect.stringContaining("[redacted]")] },
        ],
      },
    ]);
    expect(JSON.stringify(state)).not.toContain("canary");
    const summary = sessionSummary(state, steps, words);
    expect(summary).toContain("  - kubernetes/cpu\\-throttling \\(warnPercent\\: 7\\.5\\)");
    expect(summary).not.toContain("canary");
  });

  test("an active one only after it was agreed to, on this cluster and no other", async () => {
    const sessionId = await begin();
    const refused = { code: "invalid", fields: { "checks.0.id": "check-needs-confirmation" } };
    await expect(start(ada, sessionId, { checks: [active] })).rejects.toMatchObject(refused);
    const elsewhere = [{ ...agreed, cluster: "elsewhere" }];
    await expect(start(ada, sessionId, { checks: [active], confirmActive: elsewhere })).rejects.toMatchObject(
      refused,
    );
    const { runId } = await start(ada, sessionId, { checks: [active], confirmActive: [agreed] });
    const changed = ["pod: web-0", "port: 80", "namespace: shop"];
    expect((await read(sessionId)).state.runs).toMatchObject([
      { id: runId, checks: [{ id: active.id, agreed: true, params: changed }] },
    ]);
    const events = await instance.db.auditEvent.findMany({
      where: { action: "run.activeConfirmed", actorId: ada.actor.type === "user" ? ada.actor.userId : "" },
    });
    expect(events).toHaveLength(1);
  });

  test("of the team's own, which has its defaults too", async () => {
    const { slug } = await createTeamRunbook({ ctx: ada, input: { text: ownRunbook } });
    const sessionId = await begin();
    const id = `team/${slug}/many-pods`;
    await start(ada, sessionId, { checks: [{ id, params: { most: 100, word: "ours" } }] });
    expect((await read(sessionId)).state.runs).toMatchObject([{ checks: [{ id, params: ["word: ours"] }] }]);
  });

  test("a pasted text is read and is no part of the session", async () => {
    const sessionId = await begin();
    const checks = [{ id: "document/hyperfine-json", params: {}, document: "canary-document" }];
    const { runId } = await start(ada, sessionId, { checks });
    const run = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(JSON.stringify(run.selection)).toContain("canary-document");
    const { state } = await read(sessionId);
    expect(state.runs).toMatchObject([{ checks: [{ id: "document/hyperfine-json", params: [] }] }]);
    expect(JSON.stringify(state)).not.toContain("canary-document");
  });

  test("by who may act on the cluster alone, and never on another team's session", async () => {
    const sessionId = await begin();
    const checks = [{ id: "kubernetes/cpu-throttling", params: {} }];
    await expect(start(viewer, sessionId, { checks })).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await instance.member(await instance.team(), "owner");
    await expect(start(stranger, sessionId, { checks })).rejects.toMatchObject({ code: "not-found" });
    const field = { "checks.0.params.warnPercent": expect.any(String) };
    await expect(
      start(ada, sessionId, { checks: [{ id: "kubernetes/cpu-throttling", params: { warnPercent: 900 } }] }),
    ).rejects.toMatchObject({ code: "invalid", fields: field });
    expect((await read(sessionId)).state.runs).toEqual([]);
  });
});

test("open sessions and closed ones are listed apart, the newest first", async () => {
  const [first, second] = [await begin(), await begin()];
  await closeSession({ ctx: ada, input: { sessionId: first, found: "", openPoints: "" } });
  const open = await listSessions({ ctx: viewer, input: { open: true, limit: 1 } });
  expect(open.items[0]?.id).toBe(second);
  expect(open.next).not.toBeNull();
  const closed = await listSessions({ ctx: viewer, input: { open: false, limit: 50 } });
  expect(closed.items.map(({ id }) => id)).toContain(first);
});

test("whoever follows hears of ticks, of runs and of who is there; nobody of another team does", async () => {
  const sessionId = await begin();
  const stop = new AbortController();
  const follow = (ctx: TeamContext, signal = stop.signal) =>
    followSession({ ctx, input: { sessionId }, notices: instance.services.hub, signal });
  const stream = follow(viewer);
  const until = async (fits: (state: { present: string[]; ticks: object[]; runs: object[] }) => boolean) => {
    for (;;) {
      const { value, done } = await stream.next();
      if (done) throw new Error("the stream ended");
      if (fits(value)) return value;
    }
  };
  expect(await until(({ present }) => present.includes(who(viewer)))).toMatchObject({ ticks: [] });
  const other = follow(grace);
  await other.next();
  await until(({ present }) => present.includes(who(grace)));
  await other.return();
  await until(({ present }) => !present.includes(who(grace)));
  await tickStep({ ctx: ada, input: { sessionId, step: 1, done: true } });
  await until(({ ticks }) => ticks.length === 1);
  await startSessionRun({ ctx: ada, input: { sessionId, idempotencyKey: randomUUID(), confirmActive: [] } });
  expect(await until(({ runs }) => runs.length === 1)).toMatchObject({ runs: [{ status: "queued" }] });
  stop.abort();
  await stream.return();
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(follow(stranger, new AbortController().signal).next()).rejects.toMatchObject({
    message: "session-not-found",
  });
  expect(await instance.db.sessionPresence.count({ where: { sessionId } })).toBe(0);
});
