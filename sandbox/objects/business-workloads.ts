import type { Random } from "../prng.ts";
import { container, defaultContainerAnnotation, podTemplate } from "./template.ts";
import type { PodTemplate } from "./types.ts";
import type { Workload } from "./workload.ts";

/** The ConfigMap of a business namespace that its services take their environment from. */
export const settingsName = "settings";

export const businessNamespaces = [
  "checkout",
  "identity",
  "logistics",
  "payments",
  "recommendations",
  "search",
  "storefront",
] as const;

const roles = [
  "api",
  "worker",
  "web",
  "gateway",
  "indexer",
  "consumer",
  "cache",
  "scheduler",
  "billing",
  "sync",
];
const images = [
  "registry.example.com/shop/api:3.14.2",
  "registry.example.com/shop/web:2.7.0",
  "registry.example.com/shop/worker:1.22.9",
  "nginx:1.29.1",
  "redis:8.2.1",
  "quay.io/prometheus/prometheus:v3.5.0",
];
const sizes: [cpu: [string, string], memory: [string, string]][] = [
  [
    ["50m", "250m"],
    ["64Mi", "128Mi"],
  ],
  [
    ["100m", "500m"],
    ["128Mi", "256Mi"],
  ],
  [
    ["250m", "1"],
    ["256Mi", "512Mi"],
  ],
  [
    ["500m", "1"],
    ["512Mi", "512Mi"],
  ],
];

/** Healthy workloads, one after another, until exactly `pods` pods are wanted. Names count up, so none repeats. */
export function businessWorkloads(pods: number, random: Random): Workload[] {
  const workloads: Workload[] = [];
  const largest = Math.max(5, Math.min(40, Math.floor(pods / 200)));
  for (let left = pods, count = 0; left > 0; count += 1) {
    const namespace = businessNamespaces[count % businessNamespaces.length] ?? "storefront";
    const role = roles[Math.floor(count / businessNamespaces.length) % roles.length] ?? "api";
    const generation = Math.floor(count / (businessNamespaces.length * roles.length));
    const name = generation === 0 ? `${namespace}-${role}` : `${namespace}-${role}-${generation + 1}`;
    const workload = businessWorkload(namespace, name, { count, left, largest }, random);
    // nothing that serves has a single pod: what is left at the end is a job
    if (left - workload.replicas === 1 && workload.kind !== "Job") workload.replicas += 1;
    workload.replicas = Math.min(workload.replicas, left);
    left -= workload.replicas;
    workloads.push(workload);
  }
  return workloads;
}

function businessWorkload(
  namespace: string,
  name: string,
  { count, left, largest }: { count: number; left: number; largest: number },
  random: Random,
): Workload {
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace };
  if (count % 9 === 4 || left === 1) return nightlyJob(namespace, name, labels, random);
  const replicas = random.between(2, largest);
  const service = {
    port: 80,
    targetPort: 8080,
    ...(count % 11 === 2 && count < 1_000 && { nodePort: 30_000 + count }),
  };
  const template = serviceTemplate(labels, random);
  if (count % 8 === 6) return { kind: "StatefulSet", namespace, name, replicas, service, template };
  return { kind: "Deployment", namespace, name, replicas, service, template };
}

function serviceTemplate(labels: Record<string, string>, random: Random): PodTemplate {
  const [cpu, memory] = random.pick(sizes);
  const app = container({
    name: "app",
    image: random.pick(images),
    cpu,
    memory,
    ports: [{ name: "http", containerPort: 8080 }],
    probePort: 8080,
    more: { envFrom: [{ configMapRef: { name: settingsName } }] },
  });
  const withProxy = random.next() < 0.2;
  const withSidecar = !withProxy && random.next() < 0.15;
  const proxy = container({
    name: "proxy",
    image: "registry.example.com/platform/proxy:1.31.2",
    cpu: ["50m", "200m"],
    memory: ["64Mi", "128Mi"],
    probePort: 9901,
    ...(withSidecar && { restartPolicy: "Always" as const }),
  });
  return podTemplate({
    labels,
    spread: true,
    containers: withProxy ? [app, proxy] : [app],
    ...(withSidecar && { initContainers: [proxy] }),
    ...(withProxy && { annotations: { [defaultContainerAnnotation]: "app" } }),
  });
}

function nightlyJob(
  namespace: string,
  name: string,
  labels: Record<string, string>,
  random: Random,
): Workload {
  const cronJob = { name: `${name}-report`, schedule: `${random.between(0, 59)} 3 * * *` };
  return {
    kind: "Job",
    namespace,
    name: `${cronJob.name}-${29_460_000 + random.between(0, 9_999)}`,
    replicas: 1,
    cronJob,
    history: () => ({ phase: "Succeeded" }),
    template: podTemplate({
      labels,
      containers: [container({ name: "report", image: "registry.example.com/shop/reports:1.4.0" })],
      restartPolicy: "Never",
    }),
  };
}
