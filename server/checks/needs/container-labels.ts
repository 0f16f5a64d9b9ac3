import type { Text } from "#common/text.ts";
import { containerIdOf, podUidOf, unitOf } from "./cgroup-names.ts";

/** What a node knows its containers by, from the names of their log files. */
export type ContainerLabel = { id: string; namespace: string; pod: string; container: string };
/** `<pod>_<namespace>_<container>-<id>.log`, as the kubelet names the links. */
export function labelOf(line: string): ContainerLabel[] {
  const [, pod = "", namespace = "", container = "", id = ""] =
    /^([^_]+)_([^_]+)_(.+)-([0-9a-f]{64})\.log$/.exec(line) ?? [];
  return id ? [{ id, namespace, pod, container }] : [];
}

/** Who a group is for a person: the container with its pod where the node knows their names. */
export function groupTitle(group: string, labels: readonly ContainerLabel[]): Text {
  if (group === "?") return { en: "a group that the log does not name", "zh-CN": "日志中未写明的 cgroup" };
  const id = containerIdOf(group);
  const label = labels.find((one) => one.id === id);
  const uid = podUidOf(group);
  const pod = label ? `${label.namespace}/${label.pod}` : uid;
  const container = label?.container ?? id?.slice(0, 12);
  if (container && pod)
    return { en: `container ${container} of pod ${pod}`, "zh-CN": `Pod ${pod} 的容器 ${container}` };
  if (container) return { en: `container ${container}`, "zh-CN": `容器 ${container}` };
  if (pod) return { en: `pod ${pod}`, "zh-CN": `Pod ${pod}` };
  const name = unitOf(group) ?? group;
  return { en: name, "zh-CN": name };
}
