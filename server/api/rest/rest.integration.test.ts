import { afterAll, beforeAll, expect, test } from "vitest";
import { requestLimit } from "#server/domain/api-keys/count-request.ts";
import { listApiKeys } from "#server/domain/api-keys/list.ts";
import { revokeApiKey } from "#server/domain/api-keys/revoke.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { removeMember } from "#server/domain/team/remove-member.ts";
import { setRole } from "#server/domain/team/set-role.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { askRest, makeKey } from "#testing/rest.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";

let instance: TestInstance;
let owner: TeamContext;
let admin: TeamContext;
let cluster: { id: string; slug: string };
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  owner = await instance.member(team, "owner");
  cluster = await makeCluster({ db: instance.db, teamId: team.id }, "one");
  place = { db: instance.db, teamId: team.id, clusterId: cluster.id };
});
afterAll(() => instance.close());

const userId = (ctx: TeamContext) => (ctx.actor.type === "user" ? ctx.actor.userId : "");
const ask = (secret: string | null, target: string, init?: Parameters<typeof askRest>[3]) =>
  askRest(instance, secret, target, init);
const start = (secret: string, headers: Record<string, string> = {}, more: object = {}) =>
  ask(secret, "/runs", {
    method: "POST",
    headers,
    body: { clusters: ["one"], checks: [{ id: "kubernetes/duplicate-pod-ip" }], ...more },
  });

test("a key ends at once: revoked, expired, or unknown, all in the same words", async () => {
  const secret = await makeKey(owner);
  expect((await ask(secret, "/key")).status).toBe(200);
  const [newest] = await listApiKeys({ ctx: owner });
  await revokeApiKey({ ctx: owner, input: { keyId: newest?.id ?? "" } });
  const revoked = await ask(secret, "/key");
  const late = await makeKey(owner);
  const [{ id } = { id: "" }] = await listApiKeys({ ctx: owner });
  await instance.db.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
  const expired = await ask(late, "/key");
  const unknown = await ask(`wbk_${"x".repeat(43)}`, "/key");
  const garbage = await ask("x", "/key");
  for (const answer of [revoked, expired, unknown, garbage]) {
    expect(answer.status).toBe(401);
    expect(answer.text).toBe(revoked.text);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
});

test("whoever made a key is demoted, comes back, leaves: the key follows at once and does not come back", async () => {
  admin = await instance.member(owner.team, "admin");
  const secret = await makeKey(admin);
  expect((await start(secret)).status).toBe(202);
  await setRole({ ctx: owner, input: { userId: userId(admin), role: "viewer" } });
  expect(await start(secret)).toMatchObject({ status: 403, json: { key: "api-key-narrowed" } });
  expect(await ask(secret, "/key")).toMatchObject({ status: 200, json: { scopesNow: ["read"] } });
  await setRole({ ctx: owner, input: { userId: userId(admin), role: "operator" } });
  expect((await start(secret)).status).toBe(202);
  await removeMember({ ctx: owner, input: { userId: userId(admin) } });
  expect((await ask(secret, "/key")).status).toBe(401);
  await instance.db.membership.create({
    data: { teamId: owner.team.id, userId: userId(admin), role: "admin" },
  });
  expect((await ask(secret, "/key")).status).toBe(401);
});

test("less on one cluster is less there for the key too, and a key is never an admin", async () => {
  const operator = await instance.member(owner.team, "admin");
  const secret = await makeKey(operator);
  await instance.db.clusterRole.create({
    data: { teamId: owner.team.id, userId: userId(operator), clusterId: cluster.id, role: "viewer" },
  });
  expect(await start(secret)).toMatchObject({ status: 403, json: { key: "forbidden-on-cluster" } });
  const readOnly = await makeKey(owner, ["read"]);
  expect(await start(readOnly)).toMatchObject({ status: 403, json: { key: "api-key-scope-missing" } });
});

test("a run is the key's, for its maker; the same Idempotency-Key gives the same run, another body a conflict", async () => {
  const secret = await makeKey(owner);
  const once = { "idempotency-key": "build-4711" };
  const first = await start(secret, once);
  const { runId } = first.json as { runId: string };
  expect(first.headers.get("location")).toBe(`/api/v1/runs/${runId}`);
  expect((await start(secret, once)).json).toEqual({ runId });
  expect(await start(secret, once, { runbook: "duplicate-pod-ip" })).toMatchObject({ status: 409 });
  expect((await start(await makeKey(owner), once)).json).not.toEqual({ runId });
  const run = await instance.db.run.findUniqueOrThrow({ where: { id: runId } });
  expect(run).toMatchObject({
    requestedById: userId(owner),
    requestedBy: `of a test (owner of ${owner.team.name})`,
  });
  const cancel = await ask(secret, `/runs/${runId}/cancel`, { method: "POST" });
  expect([cancel.status, cancel.text]).toEqual([204, ""]);
});

test("a runbook without checks means those that run by themselves", async () => {
  const secret = await makeKey(owner);
  const body = { clusters: ["one"], runbook: "duplicate-pod-ip" };
  const { runId } = (await ask(secret, "/runs", { method: "POST", body })).json as { runId: string };
  const { json } = await ask(secret, `/runs/${runId}`);
  expect(json).toMatchObject({ id: runId, runbook: "duplicate-pod-ip" });
  expect((json as { checks: string[] }).checks).toContain("kubernetes/duplicate-pod-ip");
  expect(await ask(secret, "/runs", { method: "POST", body: { clusters: ["one"] } })).toMatchObject({
    status: 400,
  });
});

test("what is not known is refused by its name", async () => {
  const secret = await makeKey(owner);
  const refusals = [
    [await ask(secret, "/runs?page=2"), 400, /no query parameter “page” here\. Known are: cluster, runbook/],
    [await ask(secret, "/runs?limit=5&limit=6"), 400, /“limit” is given twice/],
    [await ask(secret, "/clusters?api_key=x"), 400, /no query parameter “api_key” here\. Known are: none/],
    [await ask(secret, "/runs?limit=0"), 400, /not accepted/],
    [await ask(secret, "/runs?cursor=nonsense"), 400, /place in the list/],
    [await ask(secret, "/runs?from=yesterday"), 400, /not accepted/],
    [await start(secret, {}, { team: "other" }), 400, /a field that is not known: team/],
    [await start(secret, { "idempotency-key": "short" }), 400, /not accepted/],
    [await ask(secret, "/runs", { method: "POST", body: "{" }), 400, /not JSON/],
    [await start(secret, { "content-type": "text/plain" }), 415, /not JSON/],
    [await start(secret, {}, { runbook: "x".repeat(5 << 20) }), 413, /too large/],
    [await start(secret, {}, { runbook: "a\0b" }), 400, /not accepted/],
    [await ask(secret, "/runs/not-a-uuid"), 404, /./],
    [await ask(secret, "/nothing"), 404, /openapi\.json/],
    [await ask(secret, "/runs/%zz"), 404, /./],
    [await ask(secret, "/runs", { method: "DELETE" }), 405, /./],
  ] as const;
  for (const [answer, status, detail] of refusals) {
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect((answer.json as { detail: string }).detail).toMatch(detail);
  }
  expect((await ask(secret, "/runs", { method: "DELETE" })).headers.get("allow")).toBe("POST, GET");
  expect(instance.reported).toEqual([]);
});

test("a key in the address opens nothing", async () => {
  const secret = await makeKey(owner);
  for (const name of ["key", "api_key", "token", "access_token"]) {
    expect((await ask(null, `/clusters?${name}=${secret}`)).status).toBe(401);
  }
  const basic = `Basic ${Buffer.from(`key:${secret}`).toString("base64")}`;
  expect((await ask(null, "/clusters", { headers: { authorization: basic } })).status).toBe(401);
});

test("who asks too much is told until when, and another key is not held back", async () => {
  const secret = await makeKey(owner);
  const first = await ask(secret, "/key");
  expect(first.headers.get("ratelimit")).toBe(`"key";r=${requestLimit.most - 1};t=60`);
  expect(first.headers.get("ratelimit-policy")).toBe(`"key";q=${requestLimit.most};w=60`);
  const [{ id } = { id: "" }] = await listApiKeys({ ctx: owner });
  await instance.db.apiKey.update({ where: { id }, data: { requests: requestLimit.most - 1 } });
  expect((await ask(secret, "/key")).headers.get("ratelimit")).toMatch(/r=0/);
  const refused = await ask(secret, "/key");
  expect(refused).toMatchObject({ status: 429, json: { key: "api-key-too-fast" } });
  const waitSeconds = Number(refused.headers.get("retry-after"));
  expect(waitSeconds).toBeGreaterThan(0);
  expect(waitSeconds).toBeLessThanOrEqual(60);
  expect((await ask(await makeKey(owner), "/key")).status).toBe(200);
  await instance.db.apiKey.update({ where: { id }, data: { windowStart: new Date(Date.now() - 61_000) } });
  expect((await ask(secret, "/key")).status).toBe(200);
});

test("requests at the same moment are counted one by one", async () => {
  const secret = await makeKey(owner);
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(secret, "/key")));
  const left = answers.map(({ headers }) => /r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);
  expect(new Set(left).size).toBe(8);
});

test("lists go on where they ended, by the filters they began with", async () => {
  const secret = await makeKey(owner, ["read"]);
  const ids = [];
  for (let count = 0; count < 5; count += 1)
    ids.unshift((await makeRun(place, { requestedBy: "Paging" })).id);
  const seen: string[] = [];
  let cursor: string | null = "";
  do {
    const target: string = `/runs?person=paging&limit=2${cursor ? `&cursor=${cursor}` : ""}`;
    const { items, next } = (await ask(secret, target)).json as {
      items: { id: string }[];
      next: string | null;
    };
    seen.push(...items.map(({ id }) => id));
    cursor = next;
  } while (cursor);
  expect(seen).toEqual(ids);
});

test("an export is a file: JSON is the report, CSV takes no formula from a cluster", async () => {
  const secret = await makeKey(owner, ["read"]);
  const run = await makeRun(place);
  const result = await makeResult(place, run.id, { targetName: "=cmd()" });
  const finding = {
    runId: run.id,
    resultId: result.id,
    ordinal: 0,
    fingerprint: "f",
    verdict: "fail",
    code: "example",
  } as const;
  await instance.db.finding.create({
    data: { ...finding, subject: { kind: "Pod", name: 'a"b' }, message: { en: "x,y", "zh-CN": "x" } },
  });
  const json = await ask(secret, `/runs/${run.id}/export`);
  expect(json.headers.get("content-type")).toBe("application/json");
  expect(json.headers.get("content-disposition")).toContain(`weekbook-run-${run.id}.json`);
  expect(json.json).toMatchObject({
    runId: run.id,
    results: [{ cluster: "one", findings: [{ code: "example" }] }],
  });
  const csv = await ask(secret, `/runs/${run.id}/export?format=csv`);
  const [head, line] = csv.text.split("\r\n");
  expect(head).toMatch(/^run,cluster,check,target,/);
  expect(line).toContain(`,'=cmd(),`);
  expect(line).toContain(`"a""b"`);
  expect(line).toContain(`"x,y"`);
  expect((await ask(secret, `/runs/${run.id}/export?format=exe`)).status).toBe(400);
  const events = await instance.db.auditEvent.findMany({
    where: { action: "run.exported", subjectId: run.id },
    orderBy: { sequence: "asc" },
  });
  expect(events.map(({ actorKind, details }) => [actorKind, details])).toEqual([
    ["key", { format: "json" }],
    ["key", { format: "csv" }],
  ]);
});
