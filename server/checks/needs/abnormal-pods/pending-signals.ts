import { mayRunOn } from "#common/kubernetes/placement.ts";
import { type Scene, type Signal, when } from "./scene.ts";
import { readRefusal, refusedFor } from "./scheduler-words.ts";

/** What speaks for and against each reason to have no node. */

function refusalOf({ said }: Scene) {
  return said.map(({ text }) => readRefusal(text)).find((one) => one !== null) ?? null;
}

/** A filter that turned nodes away which would otherwise do weighs more, the more nodes it was. */
export function refused(scene: Scene, pattern: RegExp): Signal[] {
  const refusal = refusalOf(scene);
  const nodes = refusal ? refusedFor(refusal, pattern) : 0;
  if (!refusal || nodes === 0) return [];
  const share = (3 * nodes) / Math.max(1, refusal.total);
  return [
    {
      points: 4 + share,
      words: {
        en: `the scheduler turned away ${nodes} of ${refusal.total} nodes for it`,
        "zh-CN": `调度器因此排除了 ${refusal.total} 个节点中的 ${nodes} 个`,
      },
    },
  ];
}

/** A selector or a taint keeps nodes away on purpose. It is the cause only if no node is left. */
export function deliberate(scene: Scene, pattern: RegExp): Signal[] {
  const refusal = refusalOf(scene);
  const nodes = refusal ? refusedFor(refusal, pattern) : 0;
  if (!refusal || nodes === 0) return [];
  const all = nodes >= refusal.total;
  return [
    {
      points: all ? 8 : 3,
      words: {
        en: `the scheduler turned away ${nodes} of ${refusal.total} nodes for it`,
        "zh-CN": `调度器因此排除了 ${refusal.total} 个节点中的 ${nodes} 个`,
      },
    },
    ...when(!all, -1, {
      en: `the other ${refusal.total - nodes} of them for something else`,
      "zh-CN": `另外 ${refusal.total - nodes} 个节点是因为别的原因被排除的`,
    }),
  ];
}

function eligible({ nodes, pod }: Scene) {
  const rules = pod.asked?.rules;
  if (!nodes || !rules) return null;
  const selected = nodes.filter((node) => mayRunOn(rules, { ...node, taints: [] }));
  return { all: nodes.length, selected, tolerated: selected.filter((node) => mayRunOn(rules, node)) };
}

export function selects(scene: Scene): Signal[] {
  const found = eligible(scene);
  if (!found || found.all === 0) return [];
  const { selected, all } = found;
  return selected.length === 0
    ? [
        {
          points: 5,
          words: {
            en: `none of ${all} nodes carries the labels it asks for`,
            "zh-CN": `${all} 个节点都没有它要求的标签`,
          },
        },
      ]
    : [
        {
          points: -3,
          words: {
            en: `${selected.length} of ${all} nodes carry the labels it asks for`,
            "zh-CN": `${all} 个节点中有 ${selected.length} 个带有它要求的标签`,
          },
        },
      ];
}

export function tolerates(scene: Scene): Signal[] {
  const found = eligible(scene);
  if (!found || found.selected.length === 0) return [];
  const { selected, tolerated } = found;
  if (tolerated.length > 0)
    return [
      {
        points: -3,
        words: {
          en: `it tolerates the taints of ${tolerated.length} of ${selected.length} such nodes`,
          "zh-CN": `符合要求的 ${selected.length} 个节点中，${tolerated.length} 个的污点它都能容忍`,
        },
      },
    ];
  const taints = [
    ...new Set(
      selected.flatMap(({ taints }) => taints.map(({ key, value }) => (value ? `${key}=${value}` : key))),
    ),
  ];
  return [
    {
      points: 6,
      words: {
        en: `every node it could use is tainted: ${taints.sort().slice(0, 4).join(", ")}`,
        "zh-CN": `它可用的节点都带有污点：${taints.sort().slice(0, 4).join("、")}`,
      },
    },
  ];
}

export function largerThanAny({ nodes, pod }: Scene): Signal[] {
  const { cpuCores = 0, memoryBytes = 0 } = pod.asked ?? {};
  if (!nodes || nodes.length === 0) return [];
  const cpu = Math.max(...nodes.map((node) => node.cpuCores));
  const memory = Math.max(...nodes.map((node) => node.memoryBytes));
  return [
    ...when(cpu > 0 && cpuCores > cpu, 9, {
      en: `it requests ${cpuCores} cores; the largest node has ${cpu} to give`,
      "zh-CN": `它请求 ${cpuCores} 核，而最大的节点只能给 ${cpu} 核`,
    }),
    ...when(memory > 0 && memoryBytes > memory, 9, {
      en: `it requests ${gib(memoryBytes)} GiB of memory; the largest node has ${gib(memory)} to give`,
      "zh-CN": `它请求 ${gib(memoryBytes)} GiB 内存，而最大的节点只能给 ${gib(memory)} GiB`,
    }),
  ];
}

const gib = (bytes: number) => Number((bytes / 2 ** 30).toFixed(1));

export function claimTrouble({ pod, claims }: Scene): Signal[] {
  return (pod.asked?.references ?? []).flatMap(({ kind, name }): Signal[] => {
    if (kind !== "PersistentVolumeClaim" || !claims) return [];
    const claim = claims.get(`${pod.namespace}/${name}`);
    if (!claim)
      return [{ points: 6, words: { en: `there is no claim ${name}`, "zh-CN": `没有名为 ${name} 的 PVC` } }];
    if (claim.phase === "Lost")
      return [
        {
          points: 6,
          words: { en: `the volume of claim ${name} is lost`, "zh-CN": `PVC ${name} 的卷已经丢失（Lost）` },
        },
      ];
    // With late binding a claim waits for the pod, so a pending one alone proves nothing.
    return when(claim.phase === "Pending", 2, {
      en: `claim ${name} is Pending (class ${claim.storageClass ?? "none"})`,
      "zh-CN": `PVC ${name} 处于 Pending（存储类：${claim.storageClass ?? "无"}）`,
    });
  });
}

export function unheard({ pod, said }: Scene): boolean {
  return !pod.conditions.some(({ type }) => type === "PodScheduled") && said.length === 0;
}
