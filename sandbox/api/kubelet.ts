import type { ApiObject, PodObject } from "../objects/types.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { isPlanned } from "./resource-metrics.ts";
import { ApiError, PageNotFound } from "./status.ts";
import { runningContainers, type Usage, usageOf } from "./usage.ts";
import { existing } from "./writes.ts";

type Container = PodObject["spec"]["containers"][number];
type Measured = { pod: PodObject; container: Container; usage: Usage };

/** What the kubelet of a node answers, through the API server. Counters grow with the time since the cluster began. */
export function nodeProxy(cluster: Cluster, call: ResourceCall, path: string): Answer {
  const node = existing(cluster, call);
  if (!isReady(node)) {
    const message = "error trying to reach service: net/http: TLS handshake timeout";
    throw new ApiError(503, "ServiceUnavailable", message, { details: {} });
  }
  const pods = podsOn(cluster, node.metadata.name);
  const measured = pods.flatMap((pod) => measure(cluster, pod));
  switch (path) {
    case "healthz":
      return { status: 200, text: "ok" };
    case "metrics/cadvisor":
      return { status: 200, text: cadvisor(measured) };
    case "metrics/resource":
    case "metrics":
      return { status: 200, text: resourceMetrics(measured) };
    case "stats/summary":
      return { status: 200, object: summary(node, pods, measured) };
    case "configz":
      return { status: 200, object: { kubeletconfig: kubeletConfig } };
    default:
      throw new PageNotFound();
  }
}

const kubeletConfig = {
  enableServer: true,
  address: "0.0.0.0",
  port: 10250,
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
  authorization: { mode: "Webhook" },
  maxPods: 250,
  cgroupDriver: "systemd",
  cpuCFSQuota: true,
  cpuCFSQuotaPeriod: "100ms",
  containerLogMaxSize: "10Mi",
  evictionHard: { "memory.available": "100Mi", "nodefs.available": "10%" },
};

function isReady(node: ApiObject): boolean {
  const { conditions = [] } =
    (node as { status?: { conditions?: { type: string; status: string }[] } }).status ?? {};
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function podsOn({ store }: Cluster, node: string): PodObject[] {
  const found: PodObject[] = [];
  for (const [, object] of store.of("pods").walk("", "", store.revision)) {
    const pod = object as PodObject;
    if (pod.spec.nodeName === node) found.push(pod);
  }
  return found;
}

function measure(cluster: Cluster, pod: PodObject): Measured[] {
  const planned = isPlanned(cluster, pod);
  return runningContainers(pod).map((container) => ({
    pod,
    container,
    usage: usageOf(cluster.controllers.plan, pod, container, planned),
  }));
}

const began = Date.now();
const elapsedSeconds = () => 3_600 + (Date.now() - began) / 1000;

const cpuSeconds = ({ usage }: Measured) => Number((elapsedSeconds() * usage.cores).toFixed(3));

function cadvisor(all: readonly Measured[]): string {
  const limited = all.filter(({ container }) => container.resources?.limits?.cpu !== undefined);
  const periods = Math.floor(elapsedSeconds() * 10);
  const rows = (name: string, kind: string, of: readonly Measured[], value: (one: Measured) => number) => [
    `# TYPE ${name} ${kind}`,
    ...of.map((one) => {
      const { namespace = "", name: podName, uid = "" } = one.pod.metadata;
      const id = `/kubepods/burstable/pod${uid}/${one.container.name}`;
      const labels = `container="${one.container.name}",id="${id}",namespace="${namespace}",pod="${podName}"`;
      return `${name}{${labels}} ${value(one)} ${Date.now()}`;
    }),
  ];
  return `${[
    ...rows("container_cpu_cfs_periods_total", "counter", limited, () => periods),
    ...rows("container_cpu_cfs_throttled_periods_total", "counter", limited, ({ usage }) =>
      Math.floor((periods * usage.throttledPercent) / 100),
    ),
    ...rows("container_cpu_usage_seconds_total", "counter", all, cpuSeconds),
    ...rows("container_memory_working_set_bytes", "gauge", all, ({ usage }) => usage.memoryBytes),
    ...rows("container_oom_events_total", "counter", all, ({ usage }) => usage.oomKills),
  ].join("\n")}\n`;
}

function resourceMetrics(all: readonly Measured[]): string {
  const rows = (name: string, kind: string, value: (one: Measured) => number) => [
    `# TYPE ${name} ${kind}`,
    ...all.map((one) => {
      const { namespace = "", name: pod } = one.pod.metadata;
      const labels = `container="${one.container.name}",namespace="${namespace}",pod="${pod}"`;
      return `${name}{${labels}} ${value(one)} ${Date.now()}`;
    }),
  ];
  return `${[
    ...rows("container_cpu_usage_seconds_total", "counter", cpuSeconds),
    ...rows("container_memory_working_set_bytes", "gauge", ({ usage }) => usage.memoryBytes),
    "scrape_error 0",
  ].join("\n")}\n`;
}

function summary(node: ApiObject, pods: readonly PodObject[], all: readonly Measured[]) {
  const now = new Date().toISOString();
  const stats = ({ cores, memoryBytes }: Pick<Usage, "cores" | "memoryBytes">) => ({
    cpu: { time: now, usageNanoCores: Math.round(cores * 1e9) },
    memory: { time: now, workingSetBytes: memoryBytes },
  });
  const disk = { time: now, capacityBytes: 200e9, usedBytes: 60e9, availableBytes: 140e9 };
  const total = all.reduce(
    (sum, { usage }) => ({
      cores: sum.cores + usage.cores,
      memoryBytes: sum.memoryBytes + usage.memoryBytes,
    }),
    { cores: 0.2, memoryBytes: 8e8 },
  );
  return {
    node: { nodeName: node.metadata.name, ...stats(total), fs: disk, runtime: { imageFs: disk } },
    pods: pods.map(({ metadata: { namespace = "", name, uid = "" } }) => ({
      podRef: { name, namespace, uid },
      containers: all
        .filter(({ pod }) => pod.metadata.uid === uid)
        .map(({ container, usage }) => ({ name: container.name, ...stats(usage) })),
    })),
  };
}
