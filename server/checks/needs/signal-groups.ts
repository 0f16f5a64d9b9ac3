import { labelsMatch, selectorIndex } from "#common/kubernetes/label-selector.ts";
import type { Subject } from "#common/result.ts";
import { compare } from "./owners.ts";
import type { EntryIngress, EntryService, SignalPod } from "./signal-facts.ts";

export type Signals = {
  owner: Subject;
  pods: SignalPod[];
  services: readonly EntryService[];
  /** "Ingress web", "LoadBalancer shop": how clients outside come in */
  entries: string[];
  metrics: boolean;
  traces: boolean;
};

const collectors =
  /^(fluent-bit|fluentbit|fluentd|promtail|vector|alloy|grafana-alloy|filebeat|logging-agent|otel-collector-agent|datadog|datadog-agent)$/;

export const isCollector = ({ labels, owner }: SignalPod): boolean =>
  owner?.kind === "DaemonSet" &&
  [labels["app.kubernetes.io/name"], labels["k8s-app"], labels.app].some((name) =>
    collectors.test(name ?? ""),
  );

const aside = new Set(["Node", "Job", "CronJob"]);

/** Workloads behind Services: how they are reached, and what can be seen of them. */
export function signalGroups(
  facts: { pods: SignalPod[]; services: EntryService[]; ingresses: EntryIngress[] },
  ownerOf: (pod: SignalPod) => Subject,
): Signals[] {
  const servicesOf = selectorIndex(
    facts.services.flatMap((item) =>
      item.selector ? [{ namespace: item.namespace, selector: { matchLabels: item.selector }, item }] : [],
    ),
  );
  const groups = new Map<string, Signals>();
  for (const pod of facts.pods) {
    const services = servicesOf(pod.namespace, pod.labels);
    const owner = ownerOf(pod);
    if (services.length === 0 || aside.has(owner.kind)) continue;
    const key = `${owner.namespace}/${owner.kind}/${owner.name}`;
    const group = groups.get(key) ?? {
      owner,
      pods: [],
      services,
      entries: [],
      metrics: false,
      traces: false,
    };
    group.pods.push(pod);
    groups.set(key, group);
  }
  const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
  return sorted.map((group) => ({
    ...group,
    entries: entriesOf(group.services, facts.ingresses),
    metrics: group.pods.some((pod) => pod.scraped !== undefined || pod.metricsPort || pod.proxied),
    traces: group.pods.some((pod) => pod.traced !== undefined),
  }));
}

function entriesOf(services: readonly EntryService[], ingresses: EntryIngress[]): string[] {
  const found = services.flatMap((service) => [
    ...(service.type === "ClusterIP" ? [] : [`${service.type} ${service.name}`]),
    ...ingresses
      .filter(
        ({ namespace, services: names }) => namespace === service.namespace && names.includes(service.name),
      )
      .map(({ name }) => `Ingress ${name}`),
  ]);
  return [...new Set(found)].sort(compare);
}

/** The Service an in-cluster name means: "collector.tracing", "collector.tracing.svc.cluster.local", "collector". */
export function isKnownHost(host: string, from: string, services: readonly EntryService[]): boolean {
  const parts = host.split(".");
  const inCluster = parts.length === 1 || parts.length === 2 || parts[2] === "svc";
  if (!inCluster || host === "localhost" || /^[\d.]+$/.test(host)) return true;
  const [name = "", namespace = from] = parts;
  return services.some((one) =>
    labelsMatch({ name, namespace }, { name: one.name, namespace: one.namespace }),
  );
}
