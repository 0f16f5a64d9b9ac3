import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { describe, expect, test } from "vitest";
import { readRefusal } from "./scheduler-words.ts";
import { codeOf, ready } from "./testing/cases.ts";

/** The words of the scheduler, each with the cause it must lead to. */

function pending(message: string | null, spec: object = {}): Pod {
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: message ?? "",
  };
  return {
    spec: { containers: [{ name: "main" }], ...spec },
    status: { phase: "Pending", ...(message !== null && { conditions: [condition] }) },
  };
}

describe("a pod without a node", () => {
  test.each([
    ["0/3 nodes are available: 3 Insufficient memory.", "resources-insufficient"],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
      "resources-insufficient",
    ],
    [
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      "selector-matches-no-node",
    ],
    ["0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.", "taint-not-tolerated"],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) were unschedulable.",
      "nodes-cordoned",
    ],
    [
      "0/2 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
      "nodes-not-ready",
    ],
    [
      "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.",
      "host-port-taken",
    ],
    ["0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", "pod-affinity-unmet"],
    ["0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.", "spread-unmet"],
    [
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had volume node affinity conflict.",
      "volume-in-another-zone",
    ],
    [
      "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
      "claim-unbound",
    ],
    ['0/3 nodes are available: persistentvolumeclaim "data" not found.', "claim-unbound"],
    ["0/3 nodes are available: 3 node(s) exceed max volume count.", "volume-count-reached"],
  ])("%s", (message, code) => {
    expect(codeOf({ pod: pending(message), nodes: null })).toBe(code);
  });

  const elsewhere =
    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {pool: gpu}.";
  const nodes = [
    ready("n1"),
    ready("n2", { labels: { gpu: "true" }, taints: [{ key: "pool", value: "gpu", effect: "NoSchedule" }] }),
  ];

  test("a selector that leaves a tainted node: the taint is the cause, not the selector", () => {
    expect(codeOf({ pod: pending(elsewhere, { nodeSelector: { gpu: "true" } }), nodes })).toBe(
      "taint-not-tolerated",
    );
    expect(codeOf({ pod: pending(elsewhere, { nodeSelector: { gpu: "yes" } }), nodes })).toBe(
      "selector-matches-no-node",
    );
  });

  test("a request that no node could ever meet outranks nodes that are full", () => {
    const containers = [{ name: "main", resources: { requests: { cpu: "64" } } }];
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    expect(codeOf({ pod: pending(message, { containers }) })).toBe("larger-than-any-node");
  });

  test("gated, or seen by no scheduler", () => {
    const gated = pending("Scheduling is blocked due to non-empty scheduling gates", {
      schedulingGates: [{ name: "a/b" }],
    });
    const [condition] = gated.status?.conditions ?? [];
    if (condition) condition.reason = "SchedulingGated";
    expect(codeOf({ pod: gated })).toBe("scheduling-gated");
    expect(codeOf({ pod: pending(null) })).toBe("no-scheduler");
  });
});

describe("odd pods", () => {
  test.each([
    [{}, "no-scheduler"],
    [{ status: {} }, "no-scheduler"],
    [{ spec: { nodeName: "n1", containers: [] }, status: { phase: "Pending" } }, "creation-unexplained"],
    [{ spec: { containers: [] }, status: { phase: "Failed" } }, "end-unexplained"],
    [{ spec: { containers: [] }, status: { phase: "Succeeded" } }, "nothing"],
  ] as [Pod, string][])("%#", (pod, code) => {
    expect(codeOf({ pod })).toBe(code);
  });
});

test("the scheduler's sums are read whatever stands around them", () => {
  expect(
    readRefusal(
      "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {a: b, c}. preemption: 0/5 x",
    ),
  ).toEqual({
    total: 5,
    reasons: [
      { nodes: 2, text: "Insufficient cpu" },
      { nodes: 3, text: "node(s) had untolerated taint {a: b, c}" },
    ],
  });
  expect(readRefusal("no nodes available to schedule pods")).toBeNull();
});
