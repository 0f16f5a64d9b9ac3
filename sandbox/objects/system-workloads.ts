import { container, podTemplate } from "./template.ts";
import type { ContainerPort, Toleration } from "./types.ts";
import type { Workload } from "./workload.ts";

const everywhere: Toleration[] = [{ operator: "Exists" }];

/** What every cluster runs for itself. */
export function systemWorkloads(): Workload[] {
  return [
    ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(staticPod),
    etcd(),
    coredns(),
    daemon("kube-system", "kube-proxy", "registry.k8s.io/kube-proxy:v1.33.13"),
    daemon("kube-system", "node-network", "registry.example.com/platform/node-network:2.8.1"),
    daemon("monitoring", "node-exporter", "quay.io/prometheus/node-exporter:v1.9.1", [
      { name: "metrics", containerPort: 9100, hostPort: 9100, protocol: "TCP" },
    ]),
  ];
}

function staticPod(component: string): Workload {
  return {
    kind: "StaticPod",
    namespace: "kube-system",
    name: component,
    replicas: 1,
    template: podTemplate({
      labels: { component, tier: "control-plane" },
      containers: [
        container({
          name: component,
          image: `registry.k8s.io/${component}:v1.33.13`,
          command: [component],
          resources: { requests: { cpu: "200m", memory: "256Mi" } },
        }),
      ],
      hostNetwork: true,
      tolerations: everywhere,
      nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
      priorityClassName: "system-node-critical",
    }),
  };
}

function etcd(): Workload {
  const workload = staticPod("etcd");
  workload.template.spec.containers = [
    container({
      name: "etcd",
      image: "registry.k8s.io/etcd:3.5.21-0",
      command: ["etcd"],
      resources: { requests: { cpu: "100m", memory: "100Mi" } },
    }),
  ];
  return workload;
}

function coredns(): Workload {
  return {
    kind: "Deployment",
    namespace: "kube-system",
    name: "coredns",
    replicas: 2,
    service: { port: 53, targetPort: 53 },
    template: podTemplate({
      labels: { "k8s-app": "kube-dns" },
      containers: [
        container({
          name: "coredns",
          image: "registry.k8s.io/coredns/coredns:v1.12.0",
          args: ["-conf", "/etc/coredns/Corefile"],
          ports: [
            { name: "dns", containerPort: 53, protocol: "UDP" },
            { name: "dns-tcp", containerPort: 53 },
            { name: "metrics", containerPort: 9153 },
          ],
          resources: { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } },
        }),
      ],
      priorityClassName: "system-cluster-critical",
    }),
  };
}

function daemon(namespace: string, name: string, image: string, ports?: ContainerPort[]): Workload {
  return {
    kind: "DaemonSet",
    namespace,
    name,
    replicas: 0,
    template: podTemplate({
      labels: { "k8s-app": name },
      containers: [container({ name, image, cpu: ["50m", "200m"], memory: ["64Mi", "128Mi"], ports })],
      hostNetwork: true,
      tolerations: everywhere,
      priorityClassName: "system-node-critical",
    }),
  };
}
