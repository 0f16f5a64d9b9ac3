import type { SeenContainer, SeenPod } from "./pick-pod.ts";
import type { Situation } from "./scene.ts";

export type Rules = {
  minutes: number;
  loopRestarts: number;
  recentMinutes: number;
  endedWithinHours: number;
};

const imageReasons = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "ImageInspectError",
  "RegistryUnavailable",
  "ErrPullQPS",
  "SignatureValidationFailed",
]);

const ms = (at: string | undefined) => Date.parse(at ?? "");
const latest = (times: (string | undefined)[]) =>
  times
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);

/** In CrashLoopBackOff, or started again often and lately: between two crashes a container shows as running. */
function loops(container: SeenContainer, rules: Rules, now: Date): boolean {
  if (container.waiting === "CrashLoopBackOff") return true;
  const ended = latest([container.current?.finishedAt, container.last?.finishedAt]);
  return container.restarts >= rules.loopRestarts && now.getTime() - ms(ended) < rules.recentMinutes * 60_000;
}

function containerSituation(pod: SeenPod, rules: Rules, now: Date): Situation | undefined {
  const since = pod.startedAt ?? pod.createdAt;
  for (const container of pod.containers) {
    if (container.waiting !== undefined && imageReasons.has(container.waiting))
      return { state: "image", since, container };
    if (loops(container, rules, now)) return { state: "crash", since, container };
    if (container.role === "init" && container.runningSince !== undefined)
      return { state: "init", since: container.runningSince || since, container };
  }
  const waiting = pod.containers.find((one) => one.waiting !== undefined);
  if (waiting) return { state: "creating", since, container: waiting };
  if (pod.phase === "Pending") return { state: "creating", since };
  const ready = pod.conditions.find(({ type }) => type === "Ready");
  if (!ready) return undefined;
  const unready = pod.containers.find((one) => !one.ready && one.role !== "init");
  return { state: "unhealthy", since: ready.since ?? since, ...(unready && { container: unready }) };
}

function rawSituation(pod: SeenPod, rules: Rules, now: Date): Situation | undefined {
  if (pod.deletedAt !== undefined) return { state: "terminating", since: pod.deletedAt };
  if (pod.phase === "Failed") {
    const ends = pod.containers.flatMap(({ current }) => current?.finishedAt ?? []);
    const since = latest(ends) ?? pod.conditions.find(({ type }) => type === "Ready")?.since ?? pod.startedAt;
    const failed = pod.containers.find(({ current }) => current !== undefined && current.exitCode !== 0);
    return { state: "ended", since: since ?? pod.createdAt, ...(failed && { container: failed }) };
  }
  if (pod.phase === "Succeeded") return undefined;
  if (pod.node === "" && pod.startedAt === undefined) return { state: "pending", since: pod.createdAt };
  return containerSituation(pod, rules, now);
}

/** What is wrong with a pod for long enough to say so; its kind does not change while a fault shows two names. */
export function situationOf(pod: SeenPod, rules: Rules, now: Date): Situation | undefined {
  const situation = rawSituation(pod, rules, now);
  if (!situation) return undefined;
  const minutes = (now.getTime() - ms(situation.since)) / 60_000;
  // A time that is missing or unreadable is no reason to stay silent.
  if (minutes < rules.minutes) return undefined;
  if (situation.state === "ended" && minutes > rules.endedWithinHours * 60) return undefined;
  return situation;
}
