import type { ApiObject } from "../objects/types.ts";
import { numberFrom } from "../prng.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { ApiError, PageNotFound } from "./status.ts";
import { existing } from "./writes.ts";

type Pod = {
  metadata: { name: string; namespace?: string; uid?: string };
  spec: { nodeName?: string; containers: { name: string; resources?: { limits?: { cpu?: string } } }[] };
};

/** What the kubelet of a node answers, through the API server. Counters grow with the time since the cluster began. */
export function nodeProxy(cluster: Cluster, call: ResourceCall, path: string): Answer {
  const node = existing(cluster, call);
  if (!isReady(node)) {
    const message = "error trying to reach service: net/http: TLS handshake timeout";
    throw new ApiError(503, "ServiceUnavailable", message, { details: {} });
  }
  const pods = podsOn(cluster, node.metadata.name);
  switch (path) {
    case "healthz":
      return { status: 200, text: "ok" };
    case "metrics/cadvisor":
      return { status: 200, text: cadvisor(pods) };
    case "metrics/resource":
    case "metrics":
      return { status: 200, text: resourceMetrics(pods) };
    case "stats/summary":
      return { status: 200, object: { node: { nodeName: node.metadata.name }, pods: pods.map(podStats) } };
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

function podsOn({ store }: Cluster, node: string): Pod[] {
  const found: Pod[] = [];
  for (const [, object] of store.of("pods").walk("", "", store.revision)) {
    const pod = object as unknown as Pod;
    if (pod.spec.nodeName === node) found.push(pod);
  }
  return found;
}

const began = Date.now();
const elapsedSeconds = () => 3_600 + (Date.now() - began) / 1000;

function usageCores(key: string): number {
  return (5 + (numberFrom(key) % 200)) / 1000;
}

/** Of a hundred periods: mostly none is throttled, here and there a few. */
function throttledPercent(key: string): number {
  const drawn = numberFrom(`throttled ${key}`) % 100;
  return drawn < 80 ? 0 : drawn - 78;
}

function cadvisor(pods: readonly Pod[]): string {
  const all = pods.flatMap((pod) => pod.spec.containers.map((container) => ({ pod, container })));
  const limited = all.filter(({ container }) => container.resources?.limits?.cpu !== undefined);
  const periods = Math.floor(elapsedSeconds() * 10);
  const rows = (name: string, kind: string, of: typeof all, value: (key: string) => number) => [
    `# TYPE ${name} ${kind}`,
    ...of.map(({ pod, container }) => {
      const { namespace = "", name: podName, uid = "" } = pod.metadata;
      const id = `/kubepods/burstable/pod${uid}/${container.name}`;
      const labels = `container="${container.name}",id="${id}",namespace="${namespace}",pod="${podName}"`;
      return `${name}{${labels}} ${value(`${namespace}/${podName}/${container.name}`)} ${Date.now()}`;
    }),
  ];
  return `${[
    ...rows("container_cpu_cfs_periods_total", "counter", limited, () => periods),
    ...rows("container_cpu_cfs_throttled_periods_total", "counter", limited, (key) =>
      Math.floor((periods * throttledPercent(key)) / 100),
    ),
    ...rows("container_cpu_usage_seconds_total", "counter", all, (key) =>
      Number((elapsedSeconds() * usageCores(key)).toFixed(3)),
    ),
    ...rows("container_memory_working_set_bytes", "gauge", all, (key) => 1e7 + (numberFrom(key) % 2e8)),
    ...rows("container_oom_events_total", "counter", all, () => 0),
  ].join("\n")}\n`;
}

function resourceMetrics(pods: readonly Pod[]): string {
  const lines = pods.flatMap(({ metadata: { namespace = "", name }, spec }) =>
    spec.containers.map((container) => {
      const used = (elapsedSeconds() * usageCores(`${namespace}/${name}/${container.name}`)).toFixed(3);
      return `container_cpu_usage_seconds_total{container="${container.name}",namespace="${namespace}",pod="${name}"} ${used} ${Date.now()}`;
    }),
  );
  return `# TYPE container_cpu_usage_seconds_total counter\n${lines.join("\n")}\nscrape_error 0\n`;
}

function podStats({ metadata: { namespace = "", name, uid = "" }, spec }: Pod) {
  const time = new Date().toISOString();
  return {
    podRef: { name, namespace, uid },
    containers: spec.containers.map((container) => {
      const key = `${namespace}/${name}/${container.name}`;
      return {
        name: container.name,
        cpu: { time, usageNanoCores: Math.round(usageCores(key) * 1e9) },
        memory: { time, workingSetBytes: 1e7 + (numberFrom(key) % 2e8) },
      };
    }),
  };
}
