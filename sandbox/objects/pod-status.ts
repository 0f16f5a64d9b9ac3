import { numberFrom } from "../prng.ts";
import { containerStatus } from "./container-status.ts";
import { isNodeReady, type NodeFacts } from "./node.ts";
import type { PodInput } from "./pod.ts";
import { time } from "./time.ts";
import type { Condition, Container, ContainerStatus, PodPhase, PodSpec, PodStatus } from "./types.ts";

/** No node has it yet. */
export function pendingStatus(input: PodInput): PodStatus {
  return {
    phase: "Pending",
    conditions: [
      {
        ...condition("PodScheduled", false, input.createdMs, "Unschedulable"),
        message: input.unschedulable ?? "no nodes available to schedule pods",
      },
    ],
    qosClass: qosClass(input.template.spec),
  };
}

type Statuses = { init: ContainerStatus[] | undefined; app: ContainerStatus[]; initialized: boolean };

const completes = ({ restartPolicy }: Container) => restartPolicy !== "Always";

/** Init containers go one after another: those behind one that has not finished wait, and so do the others. */
function statusesOf(input: PodInput, uid: string, finished: boolean): Statuses {
  const { history, template } = input;
  const waiting = { reason: "PodInitializing" };
  let held = false;
  const statusOf = (kind: "init" | "app", container: Container) => {
    const { name } = container;
    return containerStatus({
      pod: input,
      uid,
      container,
      kind,
      finished,
      history: history?.containers?.[name],
      waiting: held ? waiting : history?.waiting?.[name],
      unready: history?.unready?.includes(name) ?? false,
      stuck: history?.stuckInit === name,
    });
  };
  const init = template.spec.initContainers?.map((container) => {
    const status = statusOf("init", container);
    held ||= completes(container) ? !status.ready : !status.started;
    return status;
  });
  const initialized = !held;
  return { init, app: template.spec.containers.map((container) => statusOf("app", container)), initialized };
}

/** It has a node: what the kubelet there reports. */
export function placedStatus(input: PodInput, node: NodeFacts, uid: string): PodStatus {
  const { history, template } = input;
  const told = history?.phase ?? "Running";
  const finished = told === "Succeeded" || told === "Failed";
  const statuses = statusesOf(input, uid, finished);
  const neverRan = statuses.app.every(({ state, lastState }) => state.waiting && !lastState.terminated);
  const phase = told === "Running" && (neverRan || !statuses.initialized) ? "Pending" : told;
  const sidecars = (statuses.init ?? []).filter((_, index) => {
    const container = template.spec.initContainers?.[index];
    return container !== undefined && !completes(container);
  });
  const unready = [...sidecars, ...statuses.app].filter(({ ready }) => !ready).map(({ name }) => name);
  const ip = template.spec.hostNetwork ? node.address : (input.ip ?? undefined);
  const creating = statuses.app.some(({ state }) => state.waiting?.reason === "ContainerCreating");
  return {
    phase,
    conditions: placedConditions(input.createdMs, {
      phase,
      unready,
      sandbox: !creating,
      initialized: statuses.initialized,
      nodeReady: isNodeReady(node),
    }),
    ...(history?.message && { message: history.message }),
    ...(history?.reason && { reason: history.reason }),
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    ...(ip && !creating && { podIP: ip, podIPs: [{ ip }] }),
    startTime: time(input.createdMs),
    ...(statuses.init && { initContainerStatuses: statuses.init }),
    containerStatuses: statuses.app,
    qosClass: qosClass(template.spec),
  };
}

type Standing = {
  phase: PodPhase;
  unready: string[];
  sandbox: boolean;
  initialized: boolean;
  nodeReady: boolean;
};

function placedConditions(createdMs: number, standing: Standing): Condition[] {
  const { phase, unready, nodeReady } = standing;
  const readyMs = createdMs + 4_000 + (numberFrom(String(createdMs)) % 5) * 1_000;
  const running = phase === "Running" && unready.length === 0;
  const finishedReason = { Succeeded: "PodCompleted", Failed: "PodFailed" }[String(phase)];
  const reason = finishedReason ?? "ContainersNotReady";
  const explained =
    finishedReason === undefined ? { message: `containers with unready status: [${unready.join(" ")}]` } : {};
  const readiness = (type: string, ready: boolean): Condition =>
    ready ? condition(type, true, readyMs) : { ...condition(type, false, readyMs, reason), ...explained };
  const initialized: Condition = standing.initialized
    ? condition("Initialized", true, createdMs)
    : {
        ...condition("Initialized", false, createdMs, "ContainersNotInitialized"),
        message: "containers with incomplete status",
      };
  // the node controller takes readiness from the pods of a lost node, and gives no reason
  const ready = nodeReady || !running ? readiness("Ready", running) : condition("Ready", false, readyMs);
  return [
    condition(
      "PodReadyToStartContainers",
      finishedReason === undefined && standing.sandbox,
      createdMs + 2_000,
    ),
    phase === "Succeeded" ? { ...initialized, reason: "PodCompleted" } : initialized,
    ready,
    readiness("ContainersReady", running),
    condition("PodScheduled", true, createdMs),
  ];
}

function condition(type: string, met: boolean, atMs: number, reason?: string): Condition {
  return {
    type,
    status: met ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: time(atMs),
    ...(reason && { reason }),
  };
}

function qosClass(spec: PodSpec): PodStatus["qosClass"] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(
    (container) => container.resources ?? {},
  );
  if (all.every(({ requests, limits }) => !requests && !limits)) return "BestEffort";
  const guaranteed = all.every(
    ({ requests, limits }) =>
      limits?.cpu !== undefined &&
      limits.memory !== undefined &&
      requests?.cpu === limits.cpu &&
      requests.memory === limits.memory,
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
