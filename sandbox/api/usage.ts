import type { Plan } from "../objects/plan.ts";
import type { PodObject } from "../objects/types.ts";
import type { PodHistory } from "../objects/workload.ts";
import { numberFrom } from "../prng.ts";

type Use = NonNullable<PodHistory["use"]>;
type Past = Pick<PodHistory, "use" | "lost">;
type Container = PodObject["spec"]["containers"][number];

const units: Record<string, number> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, m: 0.001, "": 1 };

function amount(text: string | undefined): number | undefined {
  const [, value, unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(text ?? "") ?? [];
  return value === undefined ? undefined : Number(value) * (units[unit] ?? 1);
}

/** Between a fifth and three fifths: what a healthy container takes of what it may. */
const ordinaryShare = (key: string) => 0.2 + (numberFrom(key) % 400) / 1_000;

/** What a fault has planted of pods that can only be measured, by key: their successors are healthy. */
const plantedPasts = new WeakMap<Plan, Map<string, Past>>();

export function plantedPastsOf(plan: Plan): Map<string, Past> {
  const known = plantedPasts.get(plan);
  if (known) return known;
  const found = new Map<string, Past>();
  plan.workloads.forEach((workload, index) => {
    const first = plan.firstSlot[index] ?? 0;
    for (let slot = first; workload.history && slot < (plan.firstSlot[index + 1] ?? first); slot += 1) {
      const past = workload.history(slot - first);
      const key = plan.podKeys[slot];
      if ((past?.use || past?.lost) && key !== undefined) found.set(key, past);
    }
  });
  plantedPasts.set(plan, found);
  return found;
}

/** Of a hundred periods: mostly none is throttled, here and there a few. */
function ordinaryThrottling(key: string): number {
  const drawn = numberFrom(`throttled ${key}`) % 100;
  return drawn < 80 ? 0 : (drawn - 78) / 6;
}

export type Usage = { cores: number; memoryBytes: number; throttledPercent: number; oomKills: number };

/** What a container uses at the moment: always the same, so that a check can be tested. */
export function usageOf(plan: Plan, pod: PodObject, container: Container, isPlanned: boolean): Usage {
  const podKey = `${pod.metadata.namespace}/${pod.metadata.name}`;
  const key = `${podKey}/${container.name}`;
  const use: Use | undefined = isPlanned ? plantedPastsOf(plan).get(podKey)?.use : undefined;
  const { limits, requests } = container.resources ?? {};
  const memory = amount(limits?.memory) ?? amount(requests?.memory) ?? 128 * 1024 ** 2;
  const cpu = amount(limits?.cpu) ?? amount(requests?.cpu) ?? 0.1;
  return {
    // most of the time nobody asks for anything
    cores: use?.cpu === undefined ? Math.min(0.2, cpu * ordinaryShare(`cpu ${key}`) * 0.5) : cpu * use.cpu,
    memoryBytes: Math.round(memory * (use?.memory ?? ordinaryShare(key))),
    throttledPercent: use?.throttled ?? ordinaryThrottling(key),
    oomKills: use?.oomKills ?? 0,
  };
}

/** The containers that are there while the pod runs: native sidecars too. */
export function runningContainers({ spec, status }: PodObject): Container[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const running = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    .filter(({ state }) => state.running)
    .map(({ name }) => name);
  return [...sidecars, ...spec.containers].filter(({ name }) => running.includes(name));
}
