import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList } from "./testing/client.ts";
import { headDifferences, masked, recording, replay } from "./testing/recordings.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
});
afterAll(() => cluster.close());

/** The pod that stands for the recorded one. */
async function somePod(): Promise<{ namespace: string; name: string }> {
  const [first] = (await getList(cluster, "admin", "/api/v1/namespaces/checkout/pods")).items;
  if (!first) throw new Error("The practice cluster has no pods.");
  return first.metadata;
}

test("410 of an expired token carries a token for the inconsistent rest, and that works", async () => {
  const own = await startPracticeCluster({ faults: [], pods: 60 });
  const first = await getList(own, "admin", "/api/v1/pods?limit=10");
  await ask(
    own,
    "admin",
    `/api/v1/namespaces/${first.items[0]?.metadata.namespace}/pods/${first.items[0]?.metadata.name}`,
    {
      method: "DELETE",
    },
  );
  own.compact();
  const path = `/api/v1/pods?limit=10&continue=${first.metadata.continue}`;
  const expired = await ask(own, "admin", path);
  const expected = recording("500");
  expect(headDifferences(expired, expected)).toEqual([]);
  expect(masked(expired.body)).toEqual(masked(expected.body));
  const token = (expired.body as { metadata: { continue: string } }).metadata.continue;
  const decoded = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
  expect(decoded(token)).toMatchObject({ v: "meta.k8s.io/v1", rv: -1 });
  const rest = await getList(own, "admin", `/api/v1/pods?limit=10&continue=${token}`);
  expect(rest.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  expect(Object.keys(rest.metadata).sort()).toEqual(
    Object.keys((recording("501").body as { metadata: object }).metadata).sort(),
  );
  await own.close();
});

test("a version that is still to come is a 504 with Retry-After", async () => {
  const reply = await replay(cluster, "506", "admin");
  expect(headDifferences(reply, recording("506"))).toEqual([]);
  const current = /current: \d+/;
  const { message, ...rest } = recording("506").body as { message: string };
  expect(reply.body).toMatchObject(rest);
  expect((reply.body as { message: string }).message.replace(current, "")).toBe(message.replace(current, ""));
});

test("aggregated discovery has the recorded form, and its ETag spares the second answer", async () => {
  const { items } = recording("104").body as {
    items: { versions: { resources: { resource: string }[] }[] }[];
  };
  const reply = await replay(cluster, "104", "nobody");
  expect(headDifferences(reply, recording("104"))).toEqual([]);
  const mine = (reply.body as { items: typeof items }).items[0]?.versions[0]?.resources ?? [];
  for (const wanted of items[0]?.versions[0]?.resources ?? []) {
    const found = mine.find(({ resource }) => resource === wanted.resource);
    expect(found).toMatchObject(withoutSubresources(wanted));
  }
  const again = await ask(cluster, "nobody", "/api", {
    headers: { Accept: recording("104").request.accept ?? "", "If-None-Match": String(reply.headers.etag) },
  });
  expect([again.status, again.text]).toEqual([304, ""]);
});

function withoutSubresources({ subresources: _, ...rest }: { subresources?: unknown; resource: string }) {
  return rest;
}

test.each(["110", "111"])("resource list %s: every kind served is described as recorded", async (number) => {
  const expected = recording(number).body as { resources: { name: string }[] };
  const reply = await replay(cluster, number, "nobody");
  expect(headDifferences(reply, recording(number))).toEqual([]);
  const mine = reply.body as typeof expected;
  expect(Object.keys(mine)).toEqual(Object.keys(expected));
  const described = new Map(expected.resources.map((resource) => [resource.name, resource]));
  for (const resource of mine.resources.filter(({ name }) => described.has(name))) {
    expect(masked(resource)).toEqual(masked(described.get(resource.name)));
  }
  const kinds = expected.resources.filter(({ name }) => !name.includes("/")).map(({ name }) => name);
  expect(mine.resources.map(({ name }) => name)).toEqual(expect.arrayContaining(kinds));
});

test.each([
  ["210", "PodList"],
  ["270", "PartialObjectMetadataList"],
  ["281", "EndpointsList"],
])("list %s: a %s with the recorded keys, in their order", async (number, kind) => {
  const expected = recording(number);
  const rename = (text: string) => text.replace("scenarios", "payments");
  const reply = await replay(cluster, number, "admin", rename);
  expect(headDifferences(reply, expected)).toEqual([]);
  const [mine, theirs] = [reply.body, expected.body] as { kind: string; metadata: object; items: object[] }[];
  expect(mine?.kind).toBe(kind);
  expect(Object.keys(mine ?? {})).toEqual(Object.keys(theirs ?? {}));
  expect(Object.keys(mine?.metadata ?? {})).toEqual(Object.keys(theirs?.metadata ?? {}));
  expect(Object.keys(mine?.items[0] ?? {})).toEqual(Object.keys(theirs?.items[0] ?? {}));
});

test.each(["272", "273"])("table %s has the recorded columns", async (number) => {
  type Table = {
    columnDefinitions: { name: string; type: string }[];
    rows: { cells: unknown[]; object: unknown }[];
  };
  const expected = recording(number).body as Table;
  const reply = await replay(cluster, number, "admin", (text) => text.replace("scenarios", "payments"));
  expect(headDifferences(reply, recording(number))).toEqual([]);
  const mine = reply.body as Table;
  expect(Object.keys(mine)).toEqual(Object.keys(expected));
  expect(mine.columnDefinitions.map(({ name, type }) => [name, type])).toEqual(
    expected.columnDefinitions.map(({ name, type }) => [name, type]),
  );
  expect(mine.rows[0]?.cells).toHaveLength(expected.rows[0]?.cells.length ?? -1);
  expect(mine.rows[0]?.object === null).toBe(expected.rows[0]?.object === null);
});

test("a pod as metadata only", async () => {
  const { namespace, name } = await somePod();
  const rename = () => `/api/v1/namespaces/${namespace}/pods/${name}`;
  const reply = await replay(cluster, "271", "admin", rename);
  expect(headDifferences(reply, recording("271"))).toEqual([]);
  expect(Object.keys(reply.body ?? {})).toEqual(Object.keys(recording("271").body ?? {}));
});

test.each(["216", "106"])("recording %s: status and headers", async (number) => {
  const reply =
    number === "106"
      ? await ask(cluster, "admin", "/apis", {
          headers: {
            Accept: recording("104").request.accept ?? "",
            "If-None-Match": String((await replay(cluster, "106", "admin")).headers.etag),
          },
        })
      : await replay(cluster, number, "admin");
  expect(reply.status).toBe(recording(number).status);
});
