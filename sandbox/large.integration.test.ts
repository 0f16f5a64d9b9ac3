import { expect, test } from "vitest";
import { startPracticeCluster } from "./practice-cluster.ts";
import { getList, walk } from "./testing/client.ts";

test("20,000 pods: every one is listed once, and the cluster keeps none of the objects in memory", async () => {
  const cluster = await startPracticeCluster({ pods: 20_000, nodes: 200 });
  const seen = new Set<string>();
  let pages = 0;
  for (const { items } of await walk(
    cluster,
    "viewer",
    "/api/v1/pods?limit=2000&fieldSelector=status.phase%3DRunning",
  )) {
    pages += 1;
    for (const { metadata } of items) seen.add(metadata.uid);
  }
  const finished = await getList(cluster, "viewer", "/api/v1/pods?fieldSelector=status.phase%21%3DRunning");
  expect(seen.size + finished.items.length).toBe(20_000);
  expect(pages).toBeGreaterThan(9);
  // as JSON they would be about 70 MiB, as objects several times that
  const { heapUsed } = process.memoryUsage();
  expect(heapUsed).toBeLessThan(400 * 2 ** 20);
  await cluster.close();
});
