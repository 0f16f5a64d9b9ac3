import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";

/** The way from a pod to a process on a node: node, runtime, container id. */

export type EntryContainer = { name: string; id: string; running: boolean };
export type EntryPod = {
  namespace: string;
  name: string;
  node: string;
  address: string;
  /** of a pod that was asked for; of any other only the schemes of its ids */
  containers?: EntryContainer[];
  schemes: string[];
};
export type EntryNode = { name: string; runtime: string; version: string; ready: boolean };

const schemeOf = (id: string) => id.split("://")[0] ?? "";

export function pickEntryPod(asked: boolean) {
  return ({ metadata, spec, status }: Pod): EntryPod | undefined => {
    // An init container that has ended is no way in, and nobody expects it to be one.
    const early = (status?.initContainerStatuses ?? []).filter(({ state }) => state?.running);
    const statuses = [...early, ...(status?.containerStatuses ?? [])];
    const containers = statuses.map(({ name, containerID = "", state }) => ({
      name,
      id: containerID,
      running: state?.running !== undefined,
    }));
    const running = containers.filter((one) => one.running);
    if (!asked && (running.length === 0 || metadata?.deletionTimestamp !== undefined)) return undefined;
    return {
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      node: spec?.nodeName ?? "",
      address: status?.hostIP ?? "",
      ...(asked && { containers }),
      schemes: [...new Set(running.map(({ id }) => schemeOf(id)))].sort(),
    };
  };
}

export function pickEntryNode({ metadata, status }: Node): EntryNode {
  const version = status?.nodeInfo?.containerRuntimeVersion ?? "";
  return {
    name: metadata?.name ?? "",
    runtime: schemeOf(version),
    version,
    ready: status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
  };
}
