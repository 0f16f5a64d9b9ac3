import { container, httpProbe, podTemplate } from "./template.ts";
import type { ContainerPort, Toleration } from "./types.ts";
import type { Workload } from "./workload.ts";

export const kubernetesVersion = "v1.33.13";

const everywhere: Toleration[] = [{ operator: "Exists" }];

/** What every cluster runs for itself. */
export function systemWorkloads(): Workload[] {
  return [
    ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(staticPod),
    etcd(),
    coredns(),
    metricsServer(),
    daemon("kube-system", "kube-proxy", `registry.k8s.io/kube-proxy:${kubernetesVersion}`, {
      probePort: 10256,
      config: "kube-proxy",
      command: ["/usr/local/bin/kube-proxy", "--config=/etc/kube-proxy/config.conf"],
    }),
    daemon("kube-system", "kube-flannel-ds", "ghcr.io/flannel-io/flannel:v0.27.4", {
      probePort: 9099,
      config: "kube-flannel-cfg",
      command: ["/opt/bin/flanneld", "--ip-masq", "--kube-subnet-mgr", "--healthz-port=9099"],
    }),
    daemon("monitoring", "node-exporter", "quay.io/prometheus/node-exporter:v1.9.1", {
      probePort: 9100,
      ports: [{ name: "metrics", containerPort: 9100, hostPort: 9100, protocol: "TCP" }],
    }),
  ];
}

const staticPorts: Record<string, number> = {
  "kube-apiserver": 6443,
  "kube-controller-manager": 10257,
  "kube-scheduler": 10259,
  etcd: 2381,
};

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
          image: `registry.k8s.io/${component}:${kubernetesVersion}`,
          command: [component],
          resources: { requests: { cpu: "200m", memory: "256Mi" } },
          probePort: staticPorts[component] ?? 6443,
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
      probePort: 2381,
    }),
  ];
  return workload;
}

function coredns(): Workload {
  const labels = { "k8s-app": "kube-dns" };
  return {
    kind: "Deployment",
    namespace: "kube-system",
    name: "coredns",
    replicas: 2,
    service: {
      name: "kube-dns",
      clusterIP: "10.96.0.10",
      labels: { ...labels, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS" },
      port: 53,
      targetPort: 53,
      protocol: "UDP",
      portName: "dns",
      morePorts: [
        { name: "dns-tcp", port: 53, targetPort: 53 },
        { name: "metrics", port: 9153, targetPort: 9153 },
      ],
    },
    template: podTemplate({
      labels,
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
          more: {
            volumeMounts: [{ name: "config", readOnly: true, mountPath: "/etc/coredns" }],
            livenessProbe: httpProbe(8080, "/health"),
            readinessProbe: httpProbe(8181, "/ready"),
          },
        }),
      ],
      serviceAccountName: "coredns",
      priorityClassName: "system-cluster-critical",
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
      spread: true,
      more: { volumes: [configVolume("coredns")], dnsPolicy: "Default" },
    }),
  };
}

function metricsServer(): Workload {
  return {
    kind: "Deployment",
    namespace: "kube-system",
    name: "metrics-server",
    replicas: 2,
    service: { port: 443, targetPort: 10250, portName: "https" },
    template: podTemplate({
      labels: { "k8s-app": "metrics-server" },
      containers: [
        container({
          name: "metrics-server",
          image: "registry.k8s.io/metrics-server/metrics-server:v0.8.0",
          args: ["--secure-port=10250", "--metric-resolution=15s"],
          ports: [{ name: "https", containerPort: 10250 }],
          cpu: ["100m", "500m"],
          memory: ["200Mi", "400Mi"],
          probePort: 10250,
        }),
      ],
      serviceAccountName: "metrics-server",
      priorityClassName: "system-cluster-critical",
      spread: true,
    }),
  };
}

const configVolume = (name: string) => ({ name: "config", configMap: { name, defaultMode: 420 } });

type DaemonOptions = { probePort: number; ports?: ContainerPort[]; config?: string; command?: string[] };

function daemon(namespace: string, name: string, image: string, options: DaemonOptions): Workload {
  const { config, ports, probePort, command } = options;
  const mounts = [{ name: "config", mountPath: `/etc/${name}` }];
  return {
    kind: "DaemonSet",
    namespace,
    name,
    replicas: 0,
    template: podTemplate({
      labels: { "k8s-app": name },
      containers: [
        container({
          name,
          image,
          cpu: ["50m", "200m"],
          memory: ["64Mi", "128Mi"],
          ports,
          probePort,
          ...(command && { command }),
          ...(config && { more: { volumeMounts: mounts } }),
        }),
      ],
      hostNetwork: true,
      tolerations: everywhere,
      serviceAccountName: name,
      priorityClassName: "system-node-critical",
      ...(config && { more: { volumes: [configVolume(config)] } }),
    }),
  };
}
