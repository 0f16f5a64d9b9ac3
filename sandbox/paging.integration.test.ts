import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList, type List, walk } from "./testing/client.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  cluster = await startPracticeCluster({ pods: 230, faults: [] });
});
afterAll(() => cluster.close());

const keysOf = (pages: List[]) =>
  pages.flatMap(({ items }) => items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
const everything = async () => keysOf([await getList(cluster, "viewer", "/api/v1/pods")]);

test.each([1, 7, 100, 229, 230, 231, 5_000])(
  "limit %i: the pages together are the whole list, in order",
  async (limit) => {
    const pages = await walk(cluster, "viewer", `/api/v1/pods?limit=${limit}`);
    expect(keysOf(pages)).toEqual(await everything());
    expect(pages).toHaveLength(Math.max(1, Math.ceil(230 / limit)));
    expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1);
  },
);

test("remainingItemCount counts down, and is missing on the last page and with a selector", async () => {
  const pages = await walk(cluster, "viewer", "/api/v1/pods?limit=100");
  expect(pages.map(({ metadata }) => metadata.remainingItemCount)).toEqual([130, 30, undefined]);
  const selected = await walk(
    cluster,
    "viewer",
    "/api/v1/pods?limit=10&labelSelector=app.kubernetes.io%2Fname",
  );
  expect(selected.length).toBeGreaterThan(3);
  expect(selected.every(({ metadata }) => metadata.remainingItemCount === undefined)).toBe(true);
});

test("limit together with resourceVersion=0 is ignored; a negative limit is none", async () => {
  for (const query of ["limit=5&resourceVersion=0", "limit=-1"]) {
    const list = await getList(cluster, "viewer", `/api/v1/pods?${query}`);
    expect(list.items).toHaveLength(230);
    expect(list.metadata.continue).toBeUndefined();
  }
});

test("selected pages hold what the selector matches, and no more than the limit", async () => {
  const field = "fieldSelector=spec.nodeName%3Dpractice-worker-02";
  const whole = keysOf([await getList(cluster, "viewer", `/api/v1/pods?${field}`)]);
  const pages = await walk(cluster, "viewer", `/api/v1/pods?limit=6&${field}`);
  expect(whole.length).toBeGreaterThan(10);
  expect(keysOf(pages)).toEqual(whole);
  expect(Math.max(...pages.map(({ items }) => items.length))).toBeLessThanOrEqual(6);
});

test("a token carries position and version only: without a limit all the rest comes, and another namespace is silently cut", async () => {
  const { metadata } = await getList(cluster, "viewer", "/api/v1/namespaces/storefront/pods?limit=1");
  const rest = await getList(
    cluster,
    "viewer",
    `/api/v1/namespaces/storefront/pods?continue=${metadata.continue}`,
  );
  expect(rest.items.length).toBe(metadata.remainingItemCount);
  const wide = await getList(cluster, "viewer", "/api/v1/pods?limit=200");
  const elsewhere = await getList(
    cluster,
    "viewer",
    `/api/v1/namespaces/checkout/pods?continue=${wide.metadata.continue}`,
  );
  const position = wide.items.at(-1)?.metadata.namespace ?? "";
  expect(position > "checkout").toBe(true);
  expect(elsewhere.items.filter(({ metadata }) => metadata.name < position)).toEqual([]);
});

test("what changes between two pages does not show until the next walk; exact versions can be read again", async () => {
  const own = await startPracticeCluster({ pods: 90 });
  const before = await getList(own, "admin", "/api/v1/pods");
  const first = await getList(own, "admin", "/api/v1/pods?limit=10");
  const victim = before.items.find(({ metadata }) => metadata.name === "tracking-0")?.metadata;
  await ask(own, "admin", `/api/v1/namespaces/logistics/pods/${victim?.name}`, { method: "DELETE" });
  const second = await getList(own, "admin", `/api/v1/pods?limit=500&continue=${first.metadata.continue}`);
  expect([...first.items, ...second.items]).toEqual(before.items);
  expect(second.metadata.resourceVersion).toBe(before.metadata.resourceVersion);

  const now = await getList(own, "admin", "/api/v1/pods");
  expect(Number(now.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
  expect(now.items).not.toEqual(before.items);
  const exact = `resourceVersion=${before.metadata.resourceVersion}&resourceVersionMatch=Exact`;
  expect((await getList(own, "admin", `/api/v1/pods?${exact}`)).items).toEqual(before.items);
  await own.close();
});

test("gzip only when asked for, and only above 128 KiB", async () => {
  const gzip = { headers: { "Accept-Encoding": "gzip" } };
  const small = await ask(cluster, "viewer", "/api/v1/pods?limit=5", gzip);
  const large = await ask(cluster, "viewer", "/api/v1/pods", gzip);
  const plain = await ask(cluster, "viewer", "/api/v1/pods", { headers: { "Accept-Encoding": "br" } });
  expect([small, large, plain].map(({ headers }) => headers["content-encoding"])).toEqual([
    undefined,
    "gzip",
    undefined,
  ]);
  expect([small, large, plain].map(({ headers }) => headers.vary)).toEqual([
    undefined,
    "Accept-Encoding",
    undefined,
  ]);
  expect(large.text).toBe(plain.text);
  expect(large.wireBytes).toBeLessThan(plain.wireBytes / 3);
});

test("metadata-only and tables page like lists", async () => {
  const accept = (as: string) => ({ headers: { Accept: `application/json;as=${as};g=meta.k8s.io;v=v1` } });
  const metadata = await ask(cluster, "viewer", "/api/v1/pods?limit=3", accept("PartialObjectMetadataList"));
  const table = await ask(cluster, "viewer", "/api/v1/pods?limit=3", accept("Table"));
  expect(metadata.body).toMatchObject({
    kind: "PartialObjectMetadataList",
    metadata: { remainingItemCount: 227 },
  });
  expect(table.body).toMatchObject({ kind: "Table", metadata: { remainingItemCount: 227 } });
  expect((table.body as { rows: unknown[] }).rows).toHaveLength(3);
});
