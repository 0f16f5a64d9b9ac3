import type { Container, ContainerStatus, Pod, PodSpec, Probe } from "kubernetes-types/core/v1.d.ts";
import type { Termination } from "#common/kubernetes/termination.ts";
import { type OwnedPod, pickOwner } from "../owners.ts";
import { type Asked, pickAsked } from "./pick-asked.ts";

/** What a diagnosis needs of a pod that is not simply running and ready. */

export type Role = "ordinary" | "sidecar" | "init";
export type ProbeKind = "readiness" | "startup";
export type SeenProbe = { kind: ProbeKind; port?: string; timeoutSeconds: number };

export type SeenContainer = {
  name: string;
  role: Role;
  image: string;
  ready: boolean;
  started: boolean;
  restarts: number;
  runningSince?: string;
  waiting?: string;
  waitingMessage?: string;
  current?: Termination;
  last?: Termination;
  probes?: SeenProbe[];
  ports?: string[];
  memoryLimit?: string;
  /** it was killed for memory, and neither it nor its pod has a limit */
  unlimited?: boolean;
};

export type SeenCondition = {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  since?: string;
};

export type SeenPod = OwnedPod & {
  uid: string;
  phase: string;
  node: string;
  always: boolean;
  createdAt: string;
  startedAt?: string;
  deletedAt?: string;
  finalizers?: string[];
  reason?: string;
  message?: string;
  disruption?: string;
  gates?: string[];
  conditions: SeenCondition[];
  containers: SeenContainer[];
  /** the rest is there only of a pod that waits: what it asks of the cluster */
  asked?: Asked;
};

const told = ["PodScheduled", "Ready", "ContainersReady", "PodReadyToStartContainers"];
const cut = (text: string | undefined, length = 500) => text?.trim().slice(0, length);

function pickEnd(status: ContainerStatus["state"]): Termination | undefined {
  const end = status?.terminated;
  if (!end) return undefined;
  const message = cut(end.message, 300);
  return {
    exitCode: end.exitCode,
    ...(end.signal && { signal: end.signal }),
    ...(end.reason && { reason: end.reason }),
    ...(message && { message }),
    ...(end.startedAt && { startedAt: end.startedAt }),
    ...(end.finishedAt && { finishedAt: end.finishedAt }),
  };
}

function pickProbe(kind: ProbeKind, probe: Probe | undefined): SeenProbe[] {
  if (!probe) return [];
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  return [
    { kind, timeoutSeconds: probe.timeoutSeconds ?? 1, ...(port !== undefined && { port: String(port) }) },
  ];
}

function pickContainer(status: ContainerStatus, role: Role, spec: Container | undefined): SeenContainer {
  const current = pickEnd(status.state);
  const last = pickEnd(status.lastState);
  const { waiting, running } = status.state ?? {};
  const waitingMessage = cut(waiting?.message);
  const probes = [
    ...pickProbe("readiness", spec?.readinessProbe),
    ...pickProbe("startup", spec?.startupProbe),
  ];
  const ports = (spec?.ports ?? []).flatMap(({ containerPort, name }) => [
    String(containerPort),
    ...(name ? [name] : []),
  ]);
  const memoryLimit = spec?.resources?.limits?.memory;
  const oom = [current, last].some((end) => end?.reason === "OOMKilled");
  return {
    name: status.name,
    role,
    image: status.image ?? spec?.image ?? "",
    ready: status.ready ?? false,
    started: status.started ?? false,
    restarts: status.restartCount ?? 0,
    ...(running && { runningSince: running.startedAt ?? "" }),
    ...(waiting && { waiting: waiting.reason ?? "" }),
    ...(waitingMessage && { waitingMessage }),
    ...(current && { current }),
    ...(last && { last }),
    ...(probes.length > 0 && { probes }),
    ...(ports.length > 0 && { ports }),
    ...(memoryLimit !== undefined && { memoryLimit: String(memoryLimit) }),
    ...(oom && spec && memoryLimit === undefined && { unlimited: true }),
  };
}

function containersOf({ status, spec }: Pod): SeenContainer[] {
  // Limits of the whole pod are newer than the types.
  const whole = (spec as { resources?: Container["resources"] } | undefined)?.resources?.limits?.memory;
  const specs = new Map(
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((one) => [one.name, one]),
  );
  const roleOf = (name: string): Role => (specs.get(name)?.restartPolicy === "Always" ? "sidecar" : "init");
  return [
    ...(status?.initContainerStatuses ?? []).map((one) =>
      pickContainer(one, roleOf(one.name), specs.get(one.name)),
    ),
    ...(status?.containerStatuses ?? []).map((one) => pickContainer(one, "ordinary", specs.get(one.name))),
  ].map((container) =>
    whole === undefined
      ? container
      : { ...container, memoryLimit: container.memoryLimit ?? String(whole), unlimited: false },
  );
}

/** Running and ready, never restarted, nobody deletes it: nearly all pods of a cluster, and nothing to say of them. */
function plain({ metadata, status }: Pod): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  if (status?.phase === "Succeeded") return true;
  if (status?.phase !== "Running") return false;
  const ready = status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return ready && statuses.every(({ lastState, restartCount }) => !restartCount || !lastState?.terminated);
}

export function pickSeenPod(pod: Pod): SeenPod | undefined {
  if (plain(pod)) return undefined;
  const { metadata, spec, status } = pod;
  const disruption = status?.conditions?.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  const gates = [
    ...(spec?.readinessGates ?? []).map(({ conditionType }) => conditionType),
    ...(
      (spec as (PodSpec & { schedulingGates?: { name: string }[] }) | undefined)?.schedulingGates ?? []
    ).map(({ name }) => name),
  ];
  const waits = status?.phase === "Pending" || status?.phase === "Unknown" || !status?.phase;
  const message = cut(status?.message, 300);
  return {
    ...pickOwner(metadata),
    uid: metadata?.uid ?? "",
    phase: status?.phase ?? "",
    node: spec?.nodeName ?? "",
    always: (spec?.restartPolicy ?? "Always") === "Always",
    createdAt: metadata?.creationTimestamp ?? "",
    ...(status?.startTime && { startedAt: status.startTime }),
    ...(metadata?.deletionTimestamp && { deletedAt: metadata.deletionTimestamp }),
    ...(metadata?.finalizers?.length && { finalizers: metadata.finalizers.slice(0, 5) }),
    ...(status?.reason && { reason: status.reason }),
    ...(message && { message }),
    ...(disruption && { disruption: disruption.reason ?? "" }),
    ...(gates.length > 0 && { gates }),
    conditions: (status?.conditions ?? [])
      .filter(({ type, status }) => status !== "True" && (told.includes(type) || gates.includes(type)))
      .map(({ type, status, reason, message, lastTransitionTime }) => ({
        type,
        status,
        ...(reason && { reason }),
        ...(message && { message: message.slice(0, 600) }),
        ...(lastTransitionTime && { since: lastTransitionTime }),
      })),
    containers: containersOf(pod),
    ...(waits && { asked: pickAsked(spec) }),
  };
}
