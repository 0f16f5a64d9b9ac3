import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import { encodeCursor } from "../domain/cursor.ts";
import { handleAuth } from "./auth-http.ts";
import { handleRpc } from "./http.ts";

const origin = "http://127.0.0.1:3000";
let instance: TestInstance;
let cookie: string;
let team: { id: string; slug: string; name: string };

beforeAll(async () => {
  instance = await createTestInstance();
  team = await instance.team();
  const owner = await instance.member(team, "owner");
  if (owner.actor.type !== "user") throw new Error("a member is a user");
  const { userId, email } = owner.actor;
  const password = await hashPassword("correct horse battery");
  await instance.db.account.create({
    data: { id: randomUUID(), accountId: userId, providerId: "credential", userId, password },
  });
  const { headers } = await instance.services.auth.api.signInEmail({
    body: { email, password: "correct horse battery" },
    returnHeaders: true,
  });
  cookie = headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterAll(() => instance.close());

type Call = { method?: string; body?: BodyInit; headers?: Record<string, string> };
function call(path: string, { method = "POST", body, headers = {} }: Call = {}): Promise<Response> {
  const request = new Request(`${origin}/api/trpc/${path}`, {
    method,
    body,
    headers: { cookie, ...headers },
  });
  return handleRpc(request, instance.services);
}

const json = { "content-type": "application/json", origin };
function rename(headers: Record<string, string>, name: string) {
  return call("team.rename", { body: JSON.stringify({ team: team.slug, name }), headers });
}

async function nameNow(): Promise<string> {
  return (await instance.db.team.findUniqueOrThrow({ where: { id: team.id } })).name;
}

test("a page of ours changes things", async () => {
  expect((await rename(json, "Renamed")).status).toBe(200);
  expect(await nameNow()).toBe("Renamed");
  expect((await rename({ ...json, origin: "null", "sec-fetch-site": "same-origin" }, "Again")).status).toBe(
    200,
  );
});

test.each([
  ["another origin", { ...json, origin: "https://evil.example" }],
  ["another port of this machine", { ...json, origin: "http://127.0.0.1:9999" }],
  ["what the browser calls cross-site", { ...json, "sec-fetch-site": "cross-site" }],
  ["a sibling site", { ...json, "sec-fetch-site": "same-site" }],
  ["a sandboxed frame", { ...json, origin: "null", "sec-fetch-site": "cross-site" }],
])("a POST from %s changes nothing", async (_, headers) => {
  expect((await rename(headers, "Taken over")).status).toBe(403);
  expect(await nameNow()).not.toBe("Taken over");
});

test.each([
  ["text/plain", '{"json":{}}'],
  ["multipart/form-data; boundary=x", "--x--"],
  ["application/x-www-form-urlencoded", "a=b"],
  ["application/octet-stream", "x"],
])("a form's content type (%s) reaches no procedure, from wherever", async (type, body) => {
  const sites: Record<string, string>[] = [{ origin: "https://evil.example" }, { origin }, {}];
  for (const site of sites) {
    const answer = await call("session.current", { body, headers: { ...site, "content-type": type } });
    expect([403, 415]).toContain(answer.status);
  }
});

test("the live stream is for our pages only", async () => {
  const { db } = instance;
  const cluster = await makeCluster({ db, teamId: team.id }, "prod");
  const place = { db, teamId: team.id, clusterId: cluster.id };
  const run = await makeRun(place, { seq: 7 });
  await makeResult(place, run.id, { seq: 6 });
  const input = encodeURIComponent(JSON.stringify({ team: team.slug, runId: run.id }));
  const path = `run.follow?input=${input}`;
  const refused = await call(path, { method: "GET", headers: { "sec-fetch-site": "cross-site" } });
  expect(refused.status).toBe(403);

  const answer = await call(path, { method: "GET", headers: { "sec-fetch-site": "same-origin" } });
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  expect(answer.headers.get("cache-control"), "a compressed stream waits").toContain("no-transform");
  const stream = await answer.text();
  expect(stream).toContain("id: 7");
  expect(stream).toContain('"status":"done"');
  expect(stream).toContain("event: return");
});

test("a stream that fails says so in the one shape, and tries again only where that may help", async () => {
  const input = (runId: string) => encodeURIComponent(JSON.stringify({ team: team.slug, runId }));
  const gone = await call(`run.follow?input=${input(randomUUID())}`, { method: "GET" });
  const text = await gone.text();
  expect(text).toContain("event: serialized-error");
  expect(text).toContain('"key":"run-not-found"');
  expect(text).toContain('"code":-32004');
  expect(instance.reported).toEqual([]);

  const broken = {
    subscribe: () => {
      throw new Error("the hub fell over");
    },
    close: async () => {},
  };
  const request = new Request(`${origin}/api/trpc/run.follow?input=${input(randomUUID())}`, {
    headers: { cookie },
  });
  const failed = await (await handleRpc(request, { ...instance.services, hub: broken })).text();
  expect(failed).toContain('"key":"internal"');
  expect(failed).not.toContain("fell over");
  expect(instance.reported.splice(0)).toMatchObject([{ message: "the hub fell over" }]);
});

test("says what was wrong in the one shape, and nothing of what broke inside", async () => {
  const wrong = await rename(json, " ");
  expect(wrong.status).toBe(400);
  const { error } = (await wrong.json()) as { error: { data: unknown } };
  expect(error.data).toEqual({
    code: "invalid",
    httpStatus: 400,
    key: "invalid",
    values: {},
    fields: { name: "field-required" },
  });

  const broken = { ...instance.services, db: undefined };
  const request = new Request(`${origin}/api/trpc/session.current`, { headers: { cookie } });
  const answer = await handleRpc(request, broken as unknown as typeof instance.services);
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).toContain('"key":"internal"');
  expect(text).not.toMatch(/undefined|TypeError|findMany|stack|\.ts/);
  expect(instance.reported).toHaveLength(1);
});

test("an unknown procedure and an unreadable body are answered, not thrown", async () => {
  expect((await call("no.such", { method: "GET" })).status).toBe(404);
  expect((await call("team.rename", { body: "{", headers: json })).status).toBe(400);
  expect(instance.reported).toHaveLength(1);
});

test("a new account is signed in by the answer to its acceptance", async () => {
  const owner = await instance.member(team, "owner");
  const { url } = await instance.callerOf(owner.actor).team.invite({ team: team.slug, role: "viewer" });
  const token = url.slice(url.lastIndexOf("/") + 1);
  const account = { token, name: "Grace", email: "grace@example.com", password: "twelve or more" };
  const answer = await call("invitation.accept", {
    body: JSON.stringify(account),
    headers: { ...json, cookie: "" },
  });
  expect(answer.status).toBe(200);
  const session = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const current = await call("session.current", { method: "GET", headers: { cookie: session } });
  expect(await current.text()).toContain("grace@example.com");
  expect(current.headers.get("cache-control")).toBe("private, no-store");
});

/** A body of which nobody knows the size beforehand; `taken` says how much of it was asked for. */
function endless() {
  const state = { taken: 0 };
  const chunk = new TextEncoder().encode(" ".repeat(1 << 16));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.taken += chunk.length;
      if (state.taken > 50 << 20) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return { state, body };
}

test.each(["trpc/team.rename", "auth/sign-in/email"])(
  "a large body to %s is refused early, also without a length",
  async (path) => {
    const { state, body } = endless();
    const init = { method: "POST", headers: json, body, duplex: "half" };
    const request = new Request(`${origin}/api/${path}`, init);
    const handle = path.startsWith("trpc") ? handleRpc : handleAuth;
    expect((await handle(request, instance.services)).status).toBe(413);
    expect(state.taken).toBeLessThan(5 << 20);
  },
);

test("one request is one call: a batch is refused", async () => {
  const paths = Array.from({ length: 500 }, () => "session.current").join(",");
  const input = encodeURIComponent(JSON.stringify({ 0: {} }));
  const answer = await call(`${paths}?batch=1&input=${input}`, { method: "GET" });
  expect(answer.status).toBe(400);
});

test.each([
  ["deeply nested", `${"[".repeat(1_500_000)}${"]".repeat(1_500_000)}`],
  ["a date that is none", '{"team":{"$":{"toString":1}},"name":"x"}'],
  ["a prototype", '{"__proto__":{"team":"x"},"constructor":{"prototype":{"polluted":1}}}'],
])("input that is %s is refused as invalid, and changes nothing", async (_case, body) => {
  const answer = await call("team.rename", { body, headers: json });
  expect([400, 404]).toContain(answer.status);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
const beyondInteger = { verdict: "fail", resultId: randomUUID(), ordinal: 2 ** 31 };

test.each([
  ["a NUL in a name", "team.rename", { name: "a\0b" }],
  ["half a character in a name", "team.rename", { name: "a\ud800b" }],
  ["a NUL in a key", "team.rename", { name: "x", "a\0b": 1 }],
  ["nesting that would exhaust the stack", "team.rename", { name: "x", more: nested(3_000) }],
  ["a NUL in a filter", "run.list", { filter: { person: "a\0b" } }],
  ["a day before all days", "run.list", { filter: { from: { $: "-271821-04-20T00:00:00.000Z" } } }],
  ["a place that no list has", "run.findings", { runId: randomUUID(), cursor: encodeCursor(beyondInteger) }],
])("what the database cannot take is refused as invalid, not tried: %s", async (_case, path, input) => {
  const body = JSON.stringify({ team: team.slug, ...input });
  const query = `?input=${encodeURIComponent(body)}`;
  const reportedBefore = instance.reported.length;
  const answer =
    path === "team.rename"
      ? await call(path, { body, headers: json })
      : await call(path + query, { method: "GET", headers: json });
  expect(answer.status).toBe(400);
  expect(instance.reported.slice(reportedBefore)).toEqual([]);
});

test("a kubeconfig with a NUL is refused in its own words", async () => {
  const body = JSON.stringify({ team: team.slug, text: "a\0b" });
  const answer = await call("cluster.inspectKubeconfig", { body, headers: json });
  expect(await answer.text()).toContain("hidden-characters");
});
