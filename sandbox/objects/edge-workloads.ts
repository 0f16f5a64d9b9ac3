import { istioVersion } from "./proxy.ts";
import { container, httpProbe, podTemplate } from "./template.ts";
import type { Workload } from "./workload.ts";

/** The namespace whose services are in the mesh. */
export const meshNamespace = "boutique";

/** Where traffic comes in: an ingress controller; and a mesh with its control plane, its gateway and its services. */
export function edgeWorkloads(): Workload[] {
  return [
    ingressNginx(),
    istiod(),
    ingressGateway(),
    meshService("frontend", "v1"),
    meshService("cart", "v1"),
    meshService("catalog", "v1"),
  ];
}

function ingressNginx(): Workload {
  const labels = {
    "app.kubernetes.io/component": "controller",
    "app.kubernetes.io/instance": "ingress-nginx",
    "app.kubernetes.io/name": "ingress-nginx",
  };
  const name = "ingress-nginx-controller";
  return {
    kind: "Deployment",
    namespace: "ingress-nginx",
    name,
    replicas: 2,
    service: {
      port: 80,
      targetPort: 80,
      nodePort: 32_080,
      morePorts: [{ name: "https", port: 443, targetPort: 443, nodePort: 32_443 }],
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      address: "203.0.113.10",
    },
    template: podTemplate({
      labels,
      containers: [
        container({
          name: "controller",
          image: "registry.k8s.io/ingress-nginx/controller:v1.13.3",
          args: [
            "/nginx-ingress-controller",
            `--publish-service=$(POD_NAMESPACE)/${name}`,
            "--election-id=ingress-nginx-leader",
            "--controller-class=k8s.io/ingress-nginx",
            "--ingress-class=nginx",
            `--configmap=$(POD_NAMESPACE)/${name}`,
          ],
          cpu: ["100m", "1"],
          memory: ["128Mi", "512Mi"],
          ports: [
            { name: "http", containerPort: 80 },
            { name: "https", containerPort: 443 },
            { name: "webhook", containerPort: 8443 },
          ],
          more: {
            volumeMounts: [{ name: "webhook-cert", mountPath: "/usr/local/certificates/", readOnly: true }],
            livenessProbe: httpProbe(10254, "/healthz"),
            readinessProbe: httpProbe(10254, "/healthz"),
            lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
          },
        }),
      ],
      serviceAccountName: "ingress-nginx",
      spread: true,
      more: {
        terminationGracePeriodSeconds: 300,
        volumes: [
          { name: "webhook-cert", secret: { secretName: "ingress-nginx-admission", defaultMode: 420 } },
        ],
      },
    }),
  };
}

function istiod(): Workload {
  return {
    kind: "Deployment",
    namespace: "istio-system",
    name: "istiod",
    replicas: 2,
    service: {
      labels: { app: "istiod", istio: "pilot", "istio.io/rev": "default" },
      port: 15_010,
      targetPort: 15_010,
      portName: "grpc-xds",
      morePorts: [
        { name: "https-dns", port: 15_012, targetPort: 15_012 },
        { name: "https-webhook", port: 443, targetPort: 15_017 },
        { name: "http-monitoring", port: 15_014, targetPort: 15_014 },
      ],
    },
    template: podTemplate({
      labels: {
        app: "istiod",
        istio: "pilot",
        "istio.io/rev": "default",
        "sidecar.istio.io/inject": "false",
      },
      containers: [
        container({
          name: "discovery",
          image: `docker.io/istio/pilot:${istioVersion}`,
          args: ["discovery", "--monitoringAddr=:15014", "--domain", "cluster.local"],
          cpu: ["200m", "1"],
          memory: ["512Mi", "1Gi"],
          ports: [8080, 15_010, 15_012, 15_014, 15_017].map((containerPort) => ({ containerPort })),
          more: {
            readinessProbe: httpProbe(8080, "/ready"),
            livenessProbe: httpProbe(8080, "/ready"),
          },
        }),
      ],
      serviceAccountName: "istiod",
      spread: true,
    }),
  };
}

function ingressGateway(): Workload {
  const labels = { app: "istio-ingressgateway", istio: "ingressgateway" };
  return {
    kind: "Deployment",
    namespace: "istio-system",
    name: "istio-ingressgateway",
    replicas: 2,
    service: {
      labels,
      port: 80,
      targetPort: 8080,
      portName: "http2",
      nodePort: 32_180,
      morePorts: [
        { name: "status-port", port: 15_021, targetPort: 15_021, nodePort: 32_021 },
        { name: "https", port: 443, targetPort: 8443, nodePort: 32_543 },
      ],
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      address: "203.0.113.20",
    },
    template: podTemplate({
      labels: { ...labels, "sidecar.istio.io/inject": "false" },
      annotations: { "istio.io/rev": "default" },
      containers: [
        container({
          name: "istio-proxy",
          image: `docker.io/istio/proxyv2:${istioVersion}`,
          args: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
          cpu: ["100m", "1"],
          memory: ["128Mi", "1Gi"],
          ports: [15_021, 8080, 8443, 15_090].map((containerPort) => ({ containerPort })),
          more: {
            readinessProbe: httpProbe(15_021, "/healthz/ready"),
            livenessProbe: httpProbe(15_021, "/healthz/ready"),
          },
        }),
      ],
      serviceAccountName: "istio-ingressgateway",
      spread: true,
    }),
  };
}

function meshService(name: string, version: string): Workload {
  const selector = { app: name };
  const labels = {
    ...selector,
    version,
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": meshNamespace,
  };
  return {
    kind: "Deployment",
    namespace: meshNamespace,
    name,
    replicas: 2,
    service: { port: 80, targetPort: 8080, selector },
    injected: {},
    template: podTemplate({
      labels,
      containers: [
        container({
          name: "app",
          image: `registry.example.com/boutique/${name}:2.4.0`,
          cpu: ["20m", "250m"],
          memory: ["32Mi", "128Mi"],
          ports: [{ name: "http", containerPort: 8080 }],
          probePort: 8080,
        }),
      ],
      spread: true,
    }),
  };
}
