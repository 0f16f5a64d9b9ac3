import type { Container, Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { parseQuantity } from "#common/kubernetes/quantity.ts";
import { interned } from "./interned.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Containers that the kernel killed for memory, and how near to their limits others are. */

export type MemoryContainer = {
  name: string;
  limitBytes: number | null;
  /** the last time the kernel killed it, and how often it was started again since the pod began */
  killed?: { at: string; restarts: number; waiting: boolean };
};
export type MemoryPod = OwnedPod & { containers: MemoryContainer[] };

type Status = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

function killedOf(status: Status | undefined): MemoryContainer["killed"] | undefined {
  const end = [status?.state?.terminated, status?.lastState?.terminated].find(
    (one) => one?.reason === "OOMKilled",
  );
  if (!status || !end) return undefined;
  const waiting = status.state?.running === undefined;
  return { at: end.finishedAt ?? "", restarts: status.restartCount ?? 0, waiting };
}

function pickContainer({ name, resources }: Container, status: Status | undefined): MemoryContainer {
  const killed = killedOf(status);
  return { name, limitBytes: parseQuantity(resources?.limits?.memory), ...(killed && { killed }) };
}

/** Containers without a limit as well: the kernel kills in them where the node runs out. */
export function pickMemoryPod({ metadata, spec, status }: Pod): MemoryPod | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const containers = all.map((container) =>
    pickContainer(
      container,
      statuses.find(({ name }) => name === container.name),
    ),
  );
  return containers.length === 0 ? undefined : { ...pickOwner(metadata), containers: interned(containers) };
}

export type MeasuredPod = { key: string; used: [container: string, bytes: number][] };

type Metrics = {
  metadata?: { namespace?: string; name?: string };
  containers?: { name?: string; usage?: { memory?: string } }[];
};

/** What the metrics server measured: the working set, which is what counts against the limit. */
export function pickMeasuredPod(object: unknown): MeasuredPod {
  const { metadata, containers = [] } = object as Metrics;
  return {
    key: `${metadata?.namespace}/${metadata?.name}`,
    used: containers.flatMap(({ name = "", usage }): [string, number][] => {
      const bytes = parseQuantity(usage?.memory);
      return bytes === null ? [] : [[name, bytes]];
    }),
  };
}

/** `pressedSince`: it reports that its memory runs out, since then where it says so. */
export type MemoryNode = { name: string; pressedSince?: string };

export function pickMemoryNode({ metadata, status }: Node): MemoryNode {
  const pressed = status?.conditions?.find(
    (condition) => condition.type === "MemoryPressure" && condition.status === "True",
  );
  return { name: metadata?.name ?? "", ...(pressed && { pressedSince: pressed.lastTransitionTime ?? "" }) };
}

export function mebibytes(bytes: number): string {
  const value = bytes / 2 ** 20;
  return value >= 1024 ? `${Number((value / 1024).toFixed(1))} GiB` : `${Math.round(value)} MiB`;
}
