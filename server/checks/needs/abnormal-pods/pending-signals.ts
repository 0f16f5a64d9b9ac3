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
    { points: 4 + share, words: `the scheduler turned away ${nodes} of ${refusal.total} nodes for it` },
  ];
}

/** A selector or a taint keeps nodes away on purpose. It is the cause only if no node is left. */
export function deliberate(scene: Scene, pattern: RegExp): Signal[] {
  const refusal = refusalOf(scene);
  const nodes = refusal ? refusedFor(refusal, pattern) : 0;
  if (!refusal || nodes === 0) return [];
  const all = nodes >= refusal.total;
  return [
    { points: all ? 8 : 3, words: `the scheduler turned away ${nodes} of ${refusal.total} nodes for it` },
    ...when(!all, -1, `${refusal.total - nodes} other nodes were turned away for something else`),
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
    ? [{ points: 5, words: `none of ${all} nodes carries the labels it asks for` }]
    : [{ points: -3, words: `${selected.length} of ${all} nodes carry the labels it asks for` }];
}

export function tolerates(scene: Scene): Signal[] {
  const found = eligible(scene);
  if (!found || found.selected.length === 0) return [];
  const { selected, tolerated } = found;
  if (tolerated.length > 0)
    return [
      {
        points: -3,
        words: `it tolerates the taints of ${tolerated.length} of ${selected.length} such nodes`,
      },
    ];
  const taints = [
    ...new Set(
      selected.flatMap(({ taints }) => taints.map(({ key, value }) => (value ? `${key}=${value}` : key))),
    ),
  ];
  return [
    { points: 6, words: `every node it could use is tainted: ${taints.sort().slice(0, 4).join(", ")}` },
  ];
}

export function largerThanAny({ nodes, pod }: Scene): Signal[] {
  const { cpuCores = 0, memoryBytes = 0 } = pod.asked ?? {};
  if (!nodes || nodes.length === 0) return [];
  const cpu = Math.max(...nodes.map((node) => node.cpuCores));
  const memory = Math.max(...nodes.map((node) => node.memoryBytes));
  return [
    ...when(
      cpu > 0 && cpuCores > cpu,
      9,
      `it requests ${cpuCores} cores; the largest node has ${cpu} to give`,
    ),
    ...when(
      memory > 0 && memoryBytes > memory,
      9,
      `it requests ${gib(memoryBytes)} GiB of memory; the largest node has ${gib(memory)} to give`,
    ),
  ];
}

const gib = (bytes: number) => Number((bytes / 2 ** 30).toFixed(1));

export function claimTrouble({ pod, claims }: Scene): Signal[] {
  return (pod.asked?.references ?? []).flatMap(({ kind, name }): Signal[] => {
    if (kind !== "PersistentVolumeClaim" || !claims) return [];
    const claim = claims.get(`${pod.namespace}/${name}`);
    if (!claim) return [{ points: 6, words: `there is no claim ${name}` }];
    if (claim.phase === "Lost") return [{ points: 6, words: `the volume of claim ${name} is lost` }];
    // With late binding a claim waits for the pod, so a pending one alone proves nothing.
    return when(
      claim.phase === "Pending",
      2,
      `claim ${name} is Pending (class ${claim.storageClass ?? "none"})`,
    );
  });
}

export function unheard({ pod, said }: Scene): boolean {
  return !pod.conditions.some(({ type }) => type === "PodScheduled") && said.length === 0;
}
