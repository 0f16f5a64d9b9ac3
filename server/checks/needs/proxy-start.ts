import type { Container, ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Whether an application may start before the proxy that takes all its traffic. */

const proxies = new Set(["istio-proxy", "linkerd-proxy", "kuma-sidecar"]);
/** What redirects traffic to a proxy runs first of all; after it nothing gets out before the proxy is up. */
const redirectors = new Set(["istio-init", "istio-validation", "linkerd-init", "kuma-init"]);

/**
 * native: an init container that keeps running, so that the kubelet waits for it. held: the first container, with a
 * hook that ends when it is ready. late-hold: such a hook, but other containers start before it.
 */
export type ProxyOrder = "native" | "held" | "late-hold" | "races";
export type Restart = { container: string; count: number; exitCode: number; at: string };
export type ProxiedPod = OwnedPod & {
  proxy: string;
  order: ProxyOrder;
  startedAt: string;
  /** containers that wait for the proxy by themselves, in their own command */
  patient: string[];
  /** containers that ended with an error before */
  restarts: Restart[];
  /** init containers behind the redirection that failed or still run */
  cutOff: Restart[];
};

const waits = (container: Container | undefined) =>
  /:(15020|15021)\/healthz\/ready|pilot-agent wait|linkerd-await|:4191\/ready/.test(
    [...(container?.command ?? []), ...(container?.args ?? [])].join(" "),
  );

function orderOf(pod: Pod, proxy: string): ProxyOrder {
  const containers = pod.spec?.containers ?? [];
  const at = containers.findIndex(({ name }) => name === proxy);
  if (at === -1) return "native";
  if (!containers[at]?.lifecycle?.postStart) return "races";
  return at === 0 ? "held" : "late-hold";
}

function restartOf({ name, restartCount = 0, state, lastState }: ContainerStatus): Restart[] {
  const end = lastState?.terminated ?? state?.terminated;
  if (!end?.finishedAt || end.exitCode === 0) return [];
  return [{ container: name, count: restartCount, exitCode: end.exitCode, at: end.finishedAt }];
}

/** Own init containers that come after the redirection, where the proxy starts only after all of them. */
function cutOffOf(pod: Pod): Restart[] {
  const names = (pod.spec?.initContainers ?? []).map(({ name }) => name);
  const redirected = names.findIndex((name) => redirectors.has(name));
  if (redirected === -1) return [];
  const behind = new Set(names.slice(redirected + 1).filter((name) => !redirectors.has(name)));
  return (pod.status?.initContainerStatuses ?? []).filter(({ name }) => behind.has(name)).flatMap(restartOf);
}

export function pickProxiedPod(pod: Pod): ProxiedPod | undefined {
  const { metadata, spec, status } = pod;
  if (status?.phase === "Succeeded" || status?.phase === "Failed" || metadata?.deletionTimestamp)
    return undefined;
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const proxy = all.find(({ name }) => proxies.has(name))?.name;
  // A gateway is a proxy and nothing else: nobody is there to start too early.
  if (proxy === undefined || !spec?.containers.some(({ name }) => name !== proxy)) return undefined;
  const order = orderOf(pod, proxy);
  const own = (status?.containerStatuses ?? []).filter(({ name }) => name !== proxy);
  const safe = order === "native" || order === "held";
  return {
    ...pickOwner(metadata),
    proxy,
    order,
    startedAt: status?.startTime ?? metadata?.creationTimestamp ?? "",
    patient: safe ? [] : (spec?.containers ?? []).filter(waits).map(({ name }) => name),
    restarts: safe ? [] : own.flatMap(restartOf),
    cutOff: order === "native" ? [] : cutOffOf(pod),
  };
}

/** The containers of a racing pod that ended with an error while it was starting, and not since. */
export function fellAtStart({ restarts, startedAt }: ProxiedPod, minutes: number): Restart[] {
  return restarts.filter(({ at }) => {
    const afterMs = Date.parse(at) - Date.parse(startedAt);
    return afterMs >= 0 && afterMs <= minutes * 60_000;
  });
}
