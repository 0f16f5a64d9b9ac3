import { describe, expect, test } from "vitest";
import type { DrainNodes } from "#common/contracts/drain.ts";
import { makeQueryClient } from "#common/query-client.ts";
import { trpc } from "#components/api/trpc.ts";
import { toolWords } from "#testing/render-tool.tsx";

const asked = { team: "ops" };

/** For a team with one cluster of which this is known. */
function reading(known: { cluster: string; nodes: DrainNodes | null }) {
  const client = makeQueryClient();
  const clusters = [{ id: known.cluster, slug: known.cluster, name: known.cluster }];
  client.setQueryData<unknown>(trpc.cluster.list.queryKey(asked), clusters);
  const key = trpc.disruption.nodes.queryKey({ ...asked, cluster: known.cluster });
  client.setQueryData<unknown>(key, known.nodes);
  return client;
}

const drainSimulator = await toolWords("drain-simulator");
const drainOrder = await toolWords("drain-order");

describe("drain simulator", () => {
  test("without a cluster, a made-up one shows what goes wrong", () => {
    const text = drainSimulator();
    expect(text).toContain("This is a made-up cluster of 8 nodes.");
    expect(text).toContain("Draining this node takes 1 Service down.");
    expect(text).toContain("shop/huddle loses all 2 endpoints at once until a replacement is ready.");
    expect(text).toContain("1 pod nobody makes anew shop/debug-shell");
  });

  test("budgets that refuse, room that is missing and volumes that stay behind", () => {
    const text = drainSimulator("?drain.nodes=node-1,node-4");
    expect(text).toContain("shop/ledger (minAvailable: 2) lets none of its 1 pod here go.");
    expect(text).toContain(
      "Deployment shop/cache 1 pod stays Pending: 2 nodes are drained, 6 nodes do not reach its volume",
    );
    expect(drainSimulator("?drain.nodes=node-7")).toContain("and every pod finds a place");
    expect(drainSimulator("?drain.nodes=node-3", "zh-CN")).toContain("会让 1 个 Service 不可用。");
  });

  test("the search narrows the list, and names that are no nodes are passed over", () => {
    expect(drainSimulator("?drain.find=3&drain.nodes=node-99")).toContain("1 of 8 nodes");
    expect(drainSimulator("?drain.nodes=")).toContain("Pick the nodes");
  });

  test("a cluster that no check has read, and one that was", () => {
    const unread = drainSimulator("", "en", reading({ cluster: "prod", nodes: null }));
    expect(unread).toContain("Nothing has been read of prod yet: press Run check");
    const source = {
      ...{ observedAt: new Date("2026-01-12T06:00:00Z"), by: "Ada", volumesUnread: true },
      runId: "00000000-0000-7000-8000-000000000000",
    };
    const row = { zone: "", pods: 3, controlPlane: false, ready: false, cordoned: true };
    const nodes = { source, services: 1, budgets: 0, nodes: [{ ...row, name: "live-1" }] };
    const text = drainSimulator("", "en", reading({ cluster: "prod", nodes }));
    expect(text).toContain("prod, 1 node, as a run by Ada read it 5 minutes ago");
    expect(text).toContain("Volumes could not be read");
    expect(text).toContain("live-1 cordoned not ready 3 pods");
  });
});

describe("drain order", () => {
  test("steps for what can go, and why the rest cannot", () => {
    const text = drainOrder();
    expect(text).toContain("4 nodes of 8 can be drained in 4 steps with every Service up; 4 cannot.");
    expect(text).toContain("node-3 Service shop/solo has its only endpoint there.");
    expect(text).toContain("node-4 Budget shop/ledger (minAvailable: 2) does not let the pod there go.");
    expect(text).toContain("kubectl uncordon node-6");
  });

  test("more at once, other nodes, no nodes", () => {
    expect(drainOrder("?order.parallel=3&order.zones=false")).toContain("in 3 steps");
    expect(drainOrder("?order.find=node-7", "zh-CN")).toContain("可以分 1 步驱逐完");
    expect(drainOrder("?order.find=nothing")).toContain("No node has that in its name.");
    const odd = drainOrder("?order.parallel=-7&order.keep=1e9");
    expect(odd).not.toMatch(/NaN|Infinity|undefined/);
  });
});
