import { drainCluster, type PlacedPod } from "#common/kubernetes/drain-cluster.ts";
import { type DrainFacts, isEvicted } from "#common/kubernetes/drain-facts.ts";
import { hasElsewhere } from "#common/kubernetes/drain-order.ts";
import { drainState } from "#common/kubernetes/drain-state.ts";
import { drainTogether } from "#common/kubernetes/drain-waves.ts";
import type { Finding, Measurement } from "#common/result.ts";
import { compare } from "./owners.ts";

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
const cores = (millis: number) => (millis / 1_000).toFixed(millis % 1_000 === 0 ? 0 : 1);

type Short = { name: string; homeless: PlacedPod[]; moved: number };

/** What the pods of a node that goes would not find elsewhere: with one gone each by itself, else the fullest ones. */
export function headRoomFindings(facts: DrainFacts, nodesGone: number): Finding[] {
  // Budgets and Services decide when pods move, not whether there is room for them.
  const cluster = drainCluster({ ...facts, budgets: [], services: [] });
  const state = drainState(cluster);
  const moving = (node: number) =>
    (cluster.podsOn[node] ?? []).flatMap((index) => {
      const pod = cluster.pods[index];
      return pod && isEvicted(pod.facts) ? [pod] : [];
    });
  const requested = facts.nodes.map((_, node) =>
    moving(node).reduce((sum, { facts: pod }) => sum + pod.cpuMillis, 0),
  );
  const nodes = [...facts.nodes.keys()].filter((node) => moving(node).length > 0);
  if (facts.nodes.length <= nodesGone || nodes.length === 0) return [];
  const fullest = nodes.toSorted((a, b) => (requested[b] ?? 0) - (requested[a] ?? 0) || a - b);
  const batches = nodesGone === 1 ? nodes.map((node) => [node]) : [fullest.slice(0, nodesGone)];
  const short = batches.flatMap((batch): Short[] => {
    const mark = state.mark();
    const run = drainTogether(state, batch);
    state.undo(mark);
    const homeless = run.homeless.filter((pod) => hasElsewhere(state, pod));
    if (homeless.length === 0) return [];
    const name = batch.map((node) => facts.nodes[node]?.name ?? "").join(", ");
    return [
      { name, homeless: homeless.flatMap((index) => cluster.pods[index] ?? []), moved: run.moves.length },
    ];
  });
  return short.length === 0 ? [] : [finding(short, batches, facts, nodesGone)];
}

function finding(short: Short[], batches: number[][], facts: DrainFacts, nodesGone: number): Finding {
  const sorted = short.toSorted((a, b) => b.homeless.length - a.homeless.length || compare(a.name, b.name));
  const [worst = { name: "", homeless: [], moved: 0 }] = sorted;
  const names =
    nodesGone === 1
      ? sorted.map(({ name }) => name).sort(compare)
      : (batches[0] ?? []).map((node) => facts.nodes[node]?.name ?? "");
  const most = sorted.slice(0, 5);
  const biggest = worst.homeless.toSorted((a, b) => b.facts.cpuMillis - a.facts.cpuMillis)[0]?.facts;
  const size = biggest ? `${cores(biggest.cpuMillis)} CPU, ${gib(biggest.memoryBytes)}` : "";
  const who = biggest ? `${biggest.namespace}/${biggest.name}` : "";
  return {
    verdict: "warn",
    code: "no-head-room",
    subject: { kind: "cluster", name: "head-room" },
    affected: { count: names.length, sample: names.slice(0, 50).map((name) => ({ kind: "Node", name })) },
    message:
      nodesGone === 1
        ? {
            en: `The other nodes could not take all pods of ${names.length === 1 ? `node ${names[0]}` : `${names.length} of ${batches.length} nodes, were any of them drained`}. Worst is ${worst.name}: ${worst.homeless.length} of ${worst.moved} pods would stay Pending, the largest ${who} (${size}).`,
            "zh-CN": `${batches.length} 个节点中有 ${names.length} 个一旦被驱逐，其余节点接不下它的全部 Pod。最严重的是 ${worst.name}：${worst.moved} 个 Pod 中有 ${worst.homeless.length} 个会一直 Pending，最大的是 ${who}（${size}）。`,
          }
        : {
            en: `With the ${nodesGone} fullest nodes gone (${worst.name}), ${worst.homeless.length} of ${worst.moved} pods would stay Pending, the largest ${who} (${size}).`,
            "zh-CN": `最满的 ${nodesGone} 个节点（${worst.name}）都下线后，${worst.moved} 个 Pod 中有 ${worst.homeless.length} 个会一直 Pending，最大的是 ${who}（${size}）。`,
          },
    observed: {
      en: most
        .map(({ name, homeless, moved }) => `${name}: ${homeless.length} of ${moved} pods without a place`)
        .join("; "),
      "zh-CN": most
        .map(({ name, homeless, moved }) => `${name}：${moved} 个 Pod 中有 ${homeless.length} 个无处可去`)
        .join("；"),
    },
    expected: {
      en: "every pod finds a place on the nodes that are left",
      "zh-CN": "剩下的节点放得下每个 Pod",
    },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "How much of each node is requested.",
          "zh-CN": "看看每个节点的请求量占了多少。",
        },
        command: "kubectl describe nodes | grep -A 8 'Allocated resources'",
      },
      {
        purpose: "fix",
        text: {
          en: "Add a node for the time of the upgrade (a surge node), lower requests nobody needs, or let selectors and taints admit more nodes.",
          "zh-CN": "升级期间临时加一个节点，降低虚高的资源请求，或放宽选择器和污点，让更多节点可用。",
        },
      },
    ],
  };
}

/** How much of the nodes is promised to pods, and how much would be without the largest node. */
export function headRoomMeasurements({ nodes, pods }: DrainFacts): Measurement[] {
  const usable = new Map(nodes.filter(({ ready }) => ready).map((node) => [node.name, node]));
  const share = (size: "cpuMillis" | "memoryBytes", name: string): Measurement[] => {
    const sizes = [...usable.values()].map((node) => node[size]);
    const all = sizes.reduce((sum, one) => sum + one, 0);
    const used = pods.reduce((sum, pod) => (usable.has(pod.node) ? sum + pod[size] : sum), 0);
    const left = all - Math.max(0, ...sizes);
    if (all <= 0) return [];
    return [
      { name: `${name}-requested`, value: Math.round((used / all) * 1_000) / 10, unit: "%" },
      ...(left > 0
        ? [
            {
              name: `${name}-requested-without-largest-node`,
              value: Math.round((used / left) * 1_000) / 10,
              unit: "%",
            },
          ]
        : []),
    ];
  };
  return [...share("cpuMillis", "cpu"), ...share("memoryBytes", "memory")];
}
