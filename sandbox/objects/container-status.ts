import { hexFrom } from "../prng.ts";
import { time } from "./time.ts";
import type { Container, ContainerState, ContainerStatus, Terminated } from "./types.ts";
import type { ContainerHistory } from "./workload.ts";

export type StatusInput = {
  pod: { seed: number; namespace: string; name: string; createdMs: number };
  uid: string;
  container: Container;
  kind: "init" | "app";
  /** the whole pod has ended */
  finished: boolean;
  history: ContainerHistory | undefined;
  /** it has not been started yet, or waits for its image */
  waiting?: { reason: string; message?: string };
  /** it runs and does not pass its probe */
  unready?: boolean;
  /** an init container that does not come to an end */
  stuck?: boolean;
};

/** What the kubelet reports for one container. */
export function containerStatus(input: StatusInput): ContainerStatus {
  const { container, history } = input;
  const state = presentState(input);
  const completedInit = input.kind === "init" && container.restartPolicy !== "Always";
  const requests = container.resources?.requests;
  return {
    name: container.name,
    state,
    lastState: history && history.now !== "ended" ? { terminated: terminated(input, history) } : {},
    ready: completedInit ? state.terminated?.exitCode === 0 : state.running !== undefined && !input.unready,
    restartCount: history?.restarts ?? 0,
    image: fullImageName(container.image),
    imageID: input.waiting ? "" : imageId(container.image),
    ...(!input.waiting && { containerID: containerId(input, history?.now === "back-off" ? "last" : "now") }),
    started: state.running !== undefined,
    ...(requests && { allocatedResources: { ...requests } }),
    resources: container.resources ?? {},
  };
}

function presentState(input: StatusInput): ContainerState {
  const { container, history, kind, pod, waiting, stuck } = input;
  if (waiting) return { waiting: { ...waiting } };
  if (stuck) return { running: { startedAt: time(pod.createdMs + 3_000) } };
  if (history?.now === "ended") return { terminated: terminated(input, history) };
  if (history?.now === "back-off") {
    const message = `back-off 5m0s restarting failed container=${container.name} pod=${pod.name}_${pod.namespace}(${input.uid})`;
    return { waiting: { reason: "CrashLoopBackOff", message } };
  }
  if (input.finished || (kind === "init" && container.restartPolicy !== "Always")) {
    return { terminated: terminated(input, completed) };
  }
  const restartedMs = history ? pod.createdMs + 3_600_000 : pod.createdMs + 3_000;
  return { running: { startedAt: time(restartedMs) } };
}

const completed: ContainerHistory = {
  ended: { exitCode: 0, reason: "Completed" },
  now: "ended",
  restarts: 0,
};

function terminated(input: StatusInput, { ended, now, restarts }: ContainerHistory): Terminated {
  const startedMs = input.pod.createdMs + 2_000 + restarts * 300_000;
  return {
    exitCode: ended.exitCode,
    reason: ended.reason,
    ...(ended.message && { message: ended.message }),
    // a container that never started carries the zero of Unix time
    startedAt: ended.neverStarted ? time(0) : time(startedMs),
    finishedAt: time(startedMs + 9_000),
    containerID: containerId(input, now === "ended" ? "now" : "last"),
  };
}

function containerId({ uid, container }: StatusInput, which: "now" | "last"): string {
  return `containerd://${hexFrom(`${uid}/${container.name}/${which}`, 64)}`;
}

const imageIds = new Map<string, string>();

function imageId(image: string): string {
  const known = imageIds.get(image) ?? `sha256:${hexFrom(image, 64)}`;
  imageIds.set(image, known);
  return known;
}

/** The runtime reports "nginx:1.29.1" with the registry it came from. */
function fullImageName(image: string): string {
  return image.includes("/") ? image : `docker.io/library/${image}`;
}
