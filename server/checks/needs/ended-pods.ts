import type { Job } from "kubernetes-types/batch/v1.d.ts";
import type { ContainerStateTerminated, ContainerStatus, Event, Pod } from "kubernetes-types/core/v1.d.ts";
import type { Kill, KillCause, Termination } from "#common/kubernetes/termination.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What containers' ends need of pods, of the kubelet's Killing events and of Jobs. */

export type Role = "ordinary" | "sidecar" | "init" | "ephemeral";
export type EndedContainer = {
  name: string;
  role: Role;
  restarts: number;
  running: boolean;
  waiting?: string;
  current?: Termination;
  last?: Termination;
};
export type EndedPod = OwnedPod & {
  uid: string;
  always: boolean;
  finished: boolean;
  deleted: boolean;
  podReason?: string;
  podMessage?: string;
  disruption?: string;
  containers: EndedContainer[];
};

function pickEnd(end: ContainerStateTerminated | undefined): Termination | undefined {
  if (!end) return undefined;
  const { exitCode, signal, reason, message, startedAt, finishedAt } = end;
  const text = message?.trim().slice(0, 300);
  return {
    exitCode,
    ...(signal && { signal }),
    ...(reason && { reason }),
    ...(text && { message: text }),
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
  };
}

function pickContainer(status: ContainerStatus, role: Role): EndedContainer | undefined {
  const current = pickEnd(status.state?.terminated);
  const last = pickEnd(status.lastState?.terminated);
  const plain = (end: Termination | undefined) =>
    !end || (end.exitCode === 0 && (end.reason ?? "Completed") === "Completed");
  // Ended well and never started again: nothing to judge, and most pods of a cluster.
  if (plain(current) && plain(last) && !last) return undefined;
  const waiting = status.state?.waiting?.reason;
  return {
    name: status.name,
    role,
    restarts: status.restartCount ?? 0,
    running: status.state?.running !== undefined,
    ...(waiting && { waiting }),
    ...(current && { current }),
    ...(last && { last }),
  };
}

export function pickEndedPod(pod: Pod): EndedPod | undefined {
  const { status, spec, metadata } = pod;
  const sidecars = new Set(
    spec?.initContainers?.filter((c) => c.restartPolicy === "Always").map((c) => c.name),
  );
  const containers = [
    ...(status?.initContainerStatuses ?? []).map((one) =>
      pickContainer(one, sidecars.has(one.name) ? "sidecar" : "init"),
    ),
    ...(status?.containerStatuses ?? []).map((one) => pickContainer(one, "ordinary")),
    ...(status?.ephemeralContainerStatuses ?? []).map((one) => pickContainer(one, "ephemeral")),
  ].filter((one) => one !== undefined);
  if (containers.length === 0) return undefined;
  const disruption = status?.conditions?.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  return {
    ...pickOwner(metadata),
    uid: metadata?.uid ?? "",
    always: (spec?.restartPolicy ?? "Always") === "Always",
    finished: status?.phase === "Failed" || status?.phase === "Succeeded",
    deleted: metadata?.deletionTimestamp !== undefined,
    ...(status?.reason && { podReason: status.reason }),
    ...(status?.message && { podMessage: status.message.slice(0, 300) }),
    ...(disruption && { disruption: disruption.reason ?? "" }),
    containers,
  };
}

export type PodKill = Kill & { uid: string; container: string };

const killCauses: [RegExp, KillCause][] = [
  [/failed liveness probe/, "liveness-probe"],
  [/failed startup probe/, "startup-probe"],
  [/FailedPostStartHook/, "post-start-hook"],
];

export function pickKill({
  involvedObject,
  message = "",
  count,
  firstTimestamp,
  lastTimestamp,
  eventTime,
  series,
}: Event): PodKill | undefined {
  const cause = killCauses.find(([pattern]) => pattern.test(message))?.[1];
  const container = /\{(.+)\}$/.exec(involvedObject.fieldPath ?? "")?.[1];
  const at = series?.lastObservedTime ?? lastTimestamp ?? eventTime;
  if (!cause || !container || !at || !involvedObject.uid) return undefined;
  const since = firstTimestamp ?? eventTime ?? at;
  return { uid: involvedObject.uid, container, cause, count: series?.count ?? count ?? 1, since, at };
}

export function pickFinishedJob(job: Job) {
  const { namespace, name, owner } = pickOwner(job.metadata);
  const complete =
    job.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") ?? false;
  return owner || complete ? { namespace, name, complete, ...(owner && { owner }) } : undefined;
}
