import { afterAll, beforeAll, expect, test } from "vitest";
import type { FindingDetail, FindingLifePage } from "#common/contracts/finding.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { askRest, makeKey } from "#testing/rest.ts";
import { makeCluster, makeLife } from "#testing/run-rows.ts";

let instance: TestInstance;
let owner: TeamContext;
let place: { db: TestInstance["db"]; teamId: string; clusterId: string };
let secret: string;

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  owner = await instance.member(team, "owner");
  const { db } = instance;
  place = { db, teamId: team.id, clusterId: (await makeCluster({ db, teamId: team.id }, "prod")).id };
  secret = await makeKey(owner, ["read", "write"]);
});
afterAll(() => instance.close());

const ask = (target: string, key = secret) => askRest(instance, key, target);
const post = (target: string, body?: object, key = secret) =>
  askRest(instance, key, target, { method: "POST", body });
const read = async (id: string) => (await ask(`/findings/${id}`)).json as FindingDetail;
const later = (ms = 3_600_000) => new Date(Date.now() + ms).toISOString();
const userIdOf = ({ actor }: TeamContext) => ("userId" in actor ? actor.userId : "");

test("the list has the filters of the page, and goes on where it ended", async () => {
  const elsewhere = await makeCluster({ db: instance.db, teamId: place.teamId }, "elsewhere");
  for (const name of ["a", "b", "c"]) await makeLife(place, `paged-${name}`, { words: `paged ${name}` });
  await makeLife(place, "paged-over", { state: "resolved", words: "paged over" });
  await makeLife({ ...place, clusterId: elsewhere.id }, "paged-else", {
    verdict: "warn",
    words: "paged else",
  });
  const names = async (query: string) => {
    const page = (await ask(`/findings?text=paged&${query}`)).json as FindingLifePage;
    return { names: page.items.map(({ subject }) => subject.name).sort(), next: page.next };
  };
  expect((await names("state=resolved")).names).toEqual(["paged-over"]);
  expect((await names("cluster=elsewhere")).names).toEqual(["paged-else"]);
  expect((await names("verdict=warn")).names).toEqual(["paged-else"]);
  const first = await names("limit=2&cluster=prod");
  const second = await names(`limit=2&cluster=prod&cursor=${first.next}`);
  expect([...first.names, ...second.names].sort()).toEqual(["paged-a", "paged-b", "paged-c"]);
  expect(second.next).toBeNull();
  for (const wrong of ["state=gone", "mine=1", "verdict=pass", "stat=open"])
    expect((await ask(`/findings?${wrong}`)).status, wrong).toBe(400);
});

test("a key acknowledges, mutes, unmutes and opens again, by its own name and for its maker", async () => {
  const { id } = await makeLife(place, "walked");
  const by = expect.stringMatching(/^of a test \(owner/);
  expect((await post(`/findings/${id}/acknowledge`, { note: "Ticket 4711" })).json).toEqual({ changed: 1 });
  expect(await read(id)).toMatchObject({ state: "acknowledged", acknowledged: { by, note: "Ticket 4711" } });
  const mine = (await ask("/findings?mine=true")).json as FindingLifePage;
  expect(mine.items.map((each) => each.id)).toEqual([id]);
  const until = later();
  expect((await post(`/findings/${id}/mute`, { reason: "Planned", until })).json).toEqual({ changed: 1 });
  expect(await read(id)).toMatchObject({ state: "muted", muted: { by, note: "Planned", until } });
  expect((await post(`/findings/${id}/unmute`)).json).toEqual({ changed: 1 });
  expect((await post(`/findings/${id}/unmute`)).json).toEqual({ changed: 0 });
  await instance.db.findingState.update({ where: { id }, data: { state: "resolved" } });
  expect((await post(`/findings/${id}/reopen`)).json).toEqual({ changed: 1 });
  const { state, events } = await read(id);
  expect(state).toBe("open");
  expect(events.map(({ kind }) => kind)).toEqual(["acknowledged", "muted", "unmuted", "reopened"]);
  const audited = await instance.db.auditEvent.findMany({
    where: { teamId: place.teamId, subjectId: id },
    orderBy: { sequence: "asc" },
  });
  expect(audited.map(({ action, actorKind }) => `${action} ${actorKind}`)).toEqual([
    "finding.acknowledged key",
    "finding.muted key",
    "finding.unmuted key",
    "finding.reopened key",
  ]);
});

test("who is a viewer on the cluster may not, nor may a key that only runs", async () => {
  const { id } = await makeLife(place, "guarded");
  const operator = await instance.member(owner.team, "operator");
  const key = await makeKey(operator, ["read", "write"]);
  const where = { teamId: place.teamId, userId: userIdOf(operator), clusterId: place.clusterId };
  await instance.db.clusterRole.create({ data: { ...where, role: "viewer" } });
  const target = `/findings/${id}/acknowledge`;
  expect(await post(target, { note: "x" }, key)).toMatchObject({
    status: 403,
    json: { key: "forbidden-on-cluster" },
  });
  const runs = await makeKey(owner, ["read", "run"]);
  expect(await post(target, { note: "x" }, runs)).toMatchObject({
    status: 403,
    json: { key: "api-key-scope-missing" },
  });
  expect((await read(id)).state).toBe("open");
});

test("what is not right is refused by its field, and what is not there is not found", async () => {
  const { id } = await makeLife(place, "refused");
  const refusals = [
    [await post(`/findings/${id}/acknowledge`, {}), 400, "note"],
    [await post(`/findings/${id}/acknowledge`, { note: " " }), 400, "note"],
    [await post(`/findings/${id}/mute`, { reason: "x", until: "tomorrow" }), 400, "until"],
    [await post(`/findings/${id}/mute`, { reason: "x", until: later(-1) }), 400, "until"],
    [await post(`/findings/${id}/mute`, { reason: "x", until: later(400 * 86_400_000) }), 400, "until"],
  ] as const;
  for (const [{ status, json }, wanted, field] of refusals) {
    expect({ status, json }).toMatchObject({ status: wanted, json: { errors: [{ field }] } });
  }
  const others = await post(`/findings/${id}/acknowledge`, { note: "x", ids: [id] });
  expect(others).toMatchObject({ status: 400, json: { key: "body-unknown-field" } });
  for (const missing of ["not-a-uuid", "01a22155-fca4-701e-af51-0a8e7fd6f493"]) {
    expect((await post(`/findings/${missing}/unmute`)).status).toBe(404);
    expect((await ask(`/findings/${missing}`)).status).toBe(404);
  }
  expect(instance.reported).toEqual([]);
});
