import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import type { Unread } from "../../need.ts";
import { diagnose } from "../diagnose.ts";
import { pickSeenEvent, pickSeenNode, type SeenClaim, type SeenMap } from "../pick-around.ts";
import { pickSeenPod } from "../pick-pod.ts";
import { scenesOf } from "../scenes.ts";

/** Pods as tests need them, and the cause that is found for one. */

const now = new Date("2026-11-20T12:00:00Z");
const rules = { minutes: 5, loopRestarts: 3, recentMinutes: 10, endedWithinHours: 168 };
export const long = "2026-11-20T11:00:00Z";

export type CauseCase = {
  pod: Pod;
  event?: [reason: string, message: string];
  nodes?: Node[] | null;
  maps?: SeenMap[];
  claims?: SeenClaim[];
};

export const ready = (name: string, more: object = {}): Node => ({
  metadata: {
    name,
    labels: { "kubernetes.io/hostname": name, ...("labels" in more ? (more.labels as object) : {}) },
  },
  spec: { ...("taints" in more ? { taints: more.taints as [] } : {}) },
  status: {
    allocatable: { cpu: "4", memory: "8Gi" },
    conditions: [
      { type: "Ready", status: "ready" in more ? String(more.ready) : "True", lastTransitionTime: long },
      ...("pressure" in more ? [{ type: String(more.pressure), status: "True" }] : []),
    ],
  },
});

export function codeOf({ pod, event, nodes = [ready("n1")], maps = [], claims = [] }: CauseCase): string {
  const unread: Unread = { unread: { code: "forbidden", what: "list" } };
  const involvedObject = { kind: "Pod", uid: "u" };
  const seen = pickSeenPod({
    ...pod,
    metadata: { name: "p", namespace: "d", uid: "u", creationTimestamp: long, ...pod.metadata },
  });
  const told =
    event &&
    pickSeenEvent({
      metadata: {},
      involvedObject,
      reason: event[0],
      message: event[1],
      lastTimestamp: long,
      count: 4,
    });
  const around = {
    events: told ? [told] : [],
    nodes: nodes === null ? unread : nodes.map(pickSeenNode),
    claims,
    configMaps: maps,
    scheduler: null,
    controllers: null,
  };
  const [scene] = seen ? scenesOf([seen], around, rules, now) : [];
  return scene ? diagnose(scene).first.code : "nothing";
}

export function waiting(reason: string, message?: string, spec: object = {}): Pod {
  return {
    spec: { nodeName: "n1", containers: [{ name: "main", ...spec }] },
    status: {
      phase: "Pending",
      startTime: long,
      containerStatuses: [
        {
          name: "main",
          image: "i",
          imageID: "",
          ready: false,
          restartCount: 0,
          state: { waiting: { reason, message } },
        },
      ],
    },
  };
}

export function running(more: object, conditions: object[] = []): Pod {
  const status = {
    name: "main",
    image: "i",
    imageID: "",
    ready: false,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: long } },
  };
  return {
    spec: { nodeName: "n1", containers: [{ name: "main", ...more }] },
    status: {
      phase: "Running",
      startTime: long,
      conditions: [
        { type: "Ready", status: "False", reason: "ContainersNotReady", lastTransitionTime: long },
        { type: "ContainersReady", status: "False", lastTransitionTime: long },
        ...(conditions as []),
      ],
      containerStatuses: [{ ...status, ...("started" in more ? { started: false } : {}) }],
    },
  };
}
