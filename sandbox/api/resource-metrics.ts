import type { Node } from "kubernetes-types/core/v1.d.ts";
import { time } from "../objects/time.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { readListOptions } from "./list-options.ts";
import { labelSelector } from "./selectors.ts";
import { notFound } from "./status.ts";
import { runningContainers, type Usage, usageOf } from "./usage.ts";

const apiVersion = "metrics.k8s.io/v1beta1";
const windowMs = 15_000;

const quantities = ({ cores, memoryBytes }: Used) => ({
  cpu: `${Math.round(cores * 1e9)}n`,
  memory: `${Math.round(memoryBytes / 1024)}Ki`,
});

/** What the metrics server answers: use of the last quarter of a minute. */
export function resourceMetrics(cluster: Cluster, call: ResourceCall): Answer {
  const isPods = call.resource.name === "pods";
  const kind = isPods ? "PodMetrics" : "NodeMetrics";
  const items = isPods ? podMetrics(cluster, call) : nodeMetrics(cluster, call);
  if (call.name === undefined) {
    const rest = [...items];
    return { status: 200, object: { kind: `${kind}List`, apiVersion, metadata: {}, items: rest } };
  }
  const [found] = items;
  if (!found) throw notFound(call.resource, call.name);
  return { status: 200, object: { kind, apiVersion, ...found } };
}

function sample({ metadata: { name, namespace, labels } }: ApiObject) {
  const nowMs = Math.floor(Date.now() / windowMs) * windowMs;
  const place = { name, ...(namespace !== undefined && { namespace }) };
  const metadata = { ...place, creationTimestamp: time(Date.now()), ...(labels && { labels }) };
  return { metadata, timestamp: time(nowMs), window: `${windowMs / 1000}s` };
}

function* podsIn({ store }: Cluster, { namespace, name }: ResourceCall): Generator<PodObject> {
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  for (const [key, pod] of store.of("pods").walk(prefix, prefix + (name ?? ""), store.revision)) {
    if (name !== undefined && key !== prefix + name) return;
    yield pod as PodObject;
  }
}

export const isPlanned = ({ store }: Cluster, { metadata: { namespace, name } }: PodObject) =>
  !store.hasChanged("pods", `${namespace}/${name}`);

function* podMetrics(cluster: Cluster, call: ResourceCall) {
  const { labelSelector: text } = readListOptions(call.query);
  const matches = text === "" ? () => true : labelSelector(text);
  for (const pod of podsIn(cluster, call)) {
    if (pod.status.phase !== "Running" || !matches(pod)) continue;
    const planned = isPlanned(cluster, pod);
    const containers = runningContainers(pod).map((container) => ({
      name: container.name,
      usage: quantities(usageOf(cluster.controllers.plan, pod, container, planned)),
    }));
    if (containers.length > 0) yield { ...sample(pod), containers };
  }
}

type Used = Pick<Usage, "cores" | "memoryBytes">;

function nodeMetrics(cluster: Cluster, { name }: ResourceCall) {
  const used = new Map<string, Used>();
  for (const [, object] of cluster.store.of("pods").walk("", "", cluster.store.revision)) {
    const pod = object as PodObject;
    const sum = used.get(pod.spec.nodeName ?? "") ?? { cores: 0.2, memoryBytes: 8e8 };
    for (const container of runningContainers(pod)) {
      const usage = usageOf(cluster.controllers.plan, pod, container, true);
      sum.cores += usage.cores;
      sum.memoryBytes += usage.memoryBytes;
    }
    used.set(pod.spec.nodeName ?? "", sum);
  }
  return [...cluster.store.of("nodes").walk("", "", cluster.store.revision)]
    .map(([, node]) => node)
    .filter((node) => (name === undefined || node.metadata.name === name) && isUp(node))
    .map((node) => ({
      ...sample(node),
      usage: quantities(used.get(node.metadata.name) ?? { cores: 0.2, memoryBytes: 8e8 }),
    }));
}

const isUp = (node: ApiObject) =>
  (node as unknown as Node).status?.conditions?.some(
    ({ type, status }) => type === "Ready" && status !== "Unknown",
  );
