import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiScopes } from "#common/contracts/api-key.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { askRest, makeKey } from "#testing/rest.ts";
import { createTeamWorld, type TeamWorld } from "#testing/team-world.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";

/** What makes every address answer: how its parameters are filled in, and its body. */
type Row = {
  query?: string;
  body?: (world: TeamWorld) => object;
  /** which finding of many runs; without it one of a single run */
  life?: (world: TeamWorld) => string;
};
const rows: Record<string, Row> = {
  getKey: {},
  listClusters: {},
  getCluster: {},
  listChecks: { query: "?id=kubernetes%2Fduplicate-pod-ip" },
  listRunbooks: {},
  getRunbook: {},
  startRun: { body: ({ cluster, kept }) => ({ clusters: [cluster], checks: [{ id: kept.check }] }) },
  listRuns: {},
  getRun: {},
  cancelRun: {},
  exportRun: { query: "?format=csv" },
  listResults: {},
  getResult: {},
  listRunFindings: {},
  getRunFinding: {},
  listFindings: {},
  getFinding: { life: ({ lifeId }) => lifeId },
  acknowledgeFinding: { life: ({ lifeId }) => lifeId, body: () => ({ note: "Known" }) },
  muteFinding: {
    life: ({ lifeId }) => lifeId,
    body: () => ({ reason: "Planned", until: new Date(Date.now() + 3_600_000).toISOString() }),
  },
  unmuteFinding: { life: ({ mutedLifeId }) => mutedLifeId },
  reopenFinding: { life: ({ resolvedLifeId }) => resolvedLifeId },
};

let instance: TestInstance;
let world: TeamWorld;

beforeAll(async () => {
  instance = await createTestInstance();
});
beforeEach(async () => {
  world = await createTeamWorld(instance, `canary-${randomBytes(24).toString("hex")}`);
});
afterAll(() => instance.close());

function targetOf({ path, id }: Endpoint): string {
  const { cluster, runbook, runId, resultId } = world;
  const findingId = rows[id]?.life?.(world) ?? world.findingId;
  const values: Record<string, string> = { cluster, runbook, runId, resultId, findingId };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  return `${filled}${rows[id]?.query ?? ""}`;
}

const ask = (endpoint: Endpoint, secret: string | null) =>
  askRest(instance, secret, targetOf(endpoint), {
    method: endpoint.method,
    body: rows[endpoint.id]?.body?.(world),
  });

async function keyOf(person: "owner" | "stranger", scopes = [...apiScopes]) {
  const actor = person === "owner" ? world.people.owner : world.stranger;
  const slug = person === "owner" ? world.team : world.strangersTeam;
  const team = await instance.db.team.findUniqueOrThrow({ where: { slug } });
  return makeKey({ ...instance.contextOf(actor), team, role: "owner" }, scopes);
}

test("every address has a row and every row an address", () => {
  expect(Object.keys(rows).sort()).toEqual(endpoints.map(({ id }) => id).sort());
});

describe.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))("%s", (_, endpoint) => {
  test("without a key, and with the session of a person alone", async () => {
    const withCookie = { cookie: "weekbook.session_token=whatever" };
    for (const headers of [undefined, withCookie]) {
      const answer = await askRest(instance, null, targetOf(endpoint), { method: endpoint.method, headers });
      expect(answer).toMatchObject({ status: 401, json: { key: "api-key-missing" } });
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
  });

  test("with every scope but its own", async () => {
    const others = apiScopes.filter((scope) => scope !== endpoint.scope);
    const secret = await keyOf("owner", others);
    const before = await world.snapshot();
    const answer = await ask(endpoint, secret);
    if (endpoint.scope === null) return expect(answer.status).toBe(200);
    expect(answer).toMatchObject({ status: 403, json: { key: "api-key-scope-missing" } });
    expect((await world.snapshot()) === before, "a refused call changed something").toBe(true);
  });

  test("with its scope alone", async () => {
    const answer = await ask(endpoint, await keyOf("owner", [endpoint.scope ?? "read"]));
    expect(answer.text && answer.status >= 400 ? answer.text : answer.status).toBe(endpoint.status);
    expect(answer.text).not.toContain(world.source.token);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("a key of another team finds nothing of this one", async () => {
    const ours = await world.snapshot();
    const answer = await ask(endpoint, await keyOf("stranger"));
    // What names something of this team is not there; what names nothing answers with the other team's own.
    const names = /\{/.test(endpoint.path) || rows[endpoint.id]?.body;
    expect(answer.status, answer.text).toBe(names ? 404 : 200);
    for (const mark of world.marks) expect(answer.text).not.toContain(mark);
    expect((await world.snapshot()) === ours, "a stranger's call changed this team").toBe(true);
  });
});

test("nothing failed in an unexpected way", () => {
  expect(instance.reported).toEqual([]);
});
