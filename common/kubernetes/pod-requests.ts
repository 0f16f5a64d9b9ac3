import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { millicores, parseQuantity } from "./quantity.ts";

export type Requests = { cpuMillis: number; memoryBytes: number };
type Quantities = Readonly<Record<string, unknown>> | undefined;

function amounts(quantities: Quantities): Requests {
  const text = (name: string) => quantities?.[name] as string | undefined;
  return { cpuMillis: millicores(text("cpu")) ?? 0, memoryBytes: parseQuantity(text("memory")) ?? 0 };
}

const none: Requests = { cpuMillis: 0, memoryBytes: 0 };
const add = (a: Requests, b: Requests): Requests => ({
  cpuMillis: a.cpuMillis + b.cpuMillis,
  memoryBytes: a.memoryBytes + b.memoryBytes,
});
const most = (a: Requests, b: Requests): Requests => ({
  cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
  memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
});

/**
 * What the scheduler sets aside for a pod: its containers together, or more where an init container wants more. Init
 * containers that keep running count with both.
 */
export function podRequests(spec: PodSpec | undefined): Requests {
  let sidecars = none;
  let starting = none;
  for (const container of spec?.initContainers ?? []) {
    const own = amounts(container.resources?.requests);
    if ((container as { restartPolicy?: string }).restartPolicy === "Always") {
      sidecars = add(sidecars, own);
      starting = most(starting, sidecars);
    } else starting = most(starting, add(sidecars, own));
  }
  const running = (spec?.containers ?? []).reduce(
    (sum, container) => add(sum, amounts(container.resources?.requests)),
    sidecars,
  );
  // Requests of the whole pod, where the cluster knows them, stand above those of its containers.
  const whole = (spec as { resources?: { requests?: Quantities } } | undefined)?.resources?.requests;
  const computed = most(running, starting);
  const stated = amounts(whole);
  return add(
    {
      cpuMillis: whole?.cpu === undefined ? computed.cpuMillis : stated.cpuMillis,
      memoryBytes: whole?.memory === undefined ? computed.memoryBytes : stated.memoryBytes,
    },
    amounts(spec?.overhead),
  );
}
