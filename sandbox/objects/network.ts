import { ipNumber, ipText, isNodeReady } from "./node.ts";
import { createdMs, uidOf } from "./owners.ts";
import type { Plan } from "./plan.ts";
import { time } from "./time.ts";
import type { ApiObject } from "./types.ts";
import { isServing, type Workload } from "./workload.ts";

type ServedWorkload = Workload & { service: NonNullable<Workload["service"]> };

export function isServed(workload: Workload): workload is ServedWorkload {
  return workload.service !== undefined;
}

/** A Service and what belongs to it are named after the workload, unless it says otherwise. */
function namesOf(workload: ServedWorkload): { namespace: string; name: string } {
  return { namespace: workload.namespace, name: workload.service.name ?? workload.name };
}

const labelsOf = (workload: ServedWorkload) =>
  workload.service.labels ?? workload.service.selector ?? workload.template.metadata.labels;

type Port = {
  name: string;
  protocol: "TCP" | "UDP";
  port: number;
  targetPort: number;
  nodePort?: number;
  appProtocol?: string;
};

function portsOf({ service }: ServedWorkload): Port[] {
  const { port, targetPort, nodePort, portName = "http", protocol = "TCP", morePorts = [] } = service;
  return [
    { name: portName, protocol, port, targetPort, ...(nodePort && { nodePort }) },
    ...morePorts.map((one) => ({ protocol: "TCP" as const, ...one })),
  ];
}

/** The first addresses of the range belong to the API server and to DNS. */
function clusterAddress(index: number, { clusterIP, headless }: ServedWorkload["service"]): string {
  return headless ? "None" : (clusterIP ?? ipText(ipNumber("10.96.0.0") + 20 + index));
}

export function buildService(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { service } = workload;
  const ports = portsOf(workload);
  const clusterIP = clusterAddress(index, service);
  const published = ports.some(({ nodePort }) => nodePort !== undefined);
  return {
    metadata: {
      ...namesOf(workload),
      uid: uidOf(plan, "Service", namesOf(workload)),
      creationTimestamp: time(createdMs(plan, workload)),
      labels: labelsOf(workload),
    },
    spec: {
      ports,
      selector: service.selector ?? workload.template.metadata.labels,
      clusterIP,
      clusterIPs: [clusterIP],
      type: service.type ?? (published ? "NodePort" : "ClusterIP"),
      sessionAffinity: "None",
      ...(published && { externalTrafficPolicy: service.externalTrafficPolicy ?? "Cluster" }),
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
    },
    status: {
      loadBalancer: service.address ? { ingress: [{ ip: service.address, ipMode: "VIP" }] } : {},
    },
  };
}

type Backend = { ip: string; nodeName: string; targetRef: Record<string, string> };

/** The pods that have an address, those that take requests apart from those that do not yet. */
function backends(plan: Plan, index: number, workload: Workload): { ready: Backend[]; unready: Backend[] } {
  const [ready, unready]: [Backend[], Backend[]] = [[], []];
  const first = plan.firstSlot[index] ?? 0;
  for (let slot = first; slot < (plan.firstSlot[index + 1] ?? first); slot += 1) {
    const history = workload.history?.(slot - first);
    const address = plan.ipOf[slot] ?? 0;
    const node = plan.nodeFacts[plan.nodeOf[slot] ?? -1];
    const key = plan.podKeys[slot];
    const ip = history?.ip ?? (workload.template.spec.hostNetwork ? node?.address : undefined);
    const finished = history?.phase === "Succeeded" || history?.phase === "Failed";
    if (!node || key === undefined || finished || (address === 0 && ip === undefined)) continue;
    const name = key.slice(workload.namespace.length + 1);
    const serves = isNodeReady(node) && isServing(history);
    (serves ? ready : unready).push({
      ip: ip ?? ipText(address),
      nodeName: node.name,
      targetRef: { kind: "Pod", namespace: workload.namespace, name },
    });
  }
  return { ready, unready };
}

export function buildEndpoints(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { ready, unready } = backends(plan, index, workload);
  const ports = portsOf(workload).map(({ name, targetPort, protocol }) => ({
    name,
    port: targetPort,
    protocol,
  }));
  return {
    metadata: {
      ...namesOf(workload),
      uid: uidOf(plan, "Endpoints", namesOf(workload)),
      creationTimestamp: time(createdMs(plan, workload)),
      labels: {
        ...labelsOf(workload),
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
      },
    },
    ...(ready.length + unready.length > 0 && {
      subsets: [
        {
          ...(ready.length > 0 && { addresses: ready }),
          ...(unready.length > 0 && { notReadyAddresses: unready }),
          ports,
        },
      ],
    }),
  };
}

export function buildEndpointSlice(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { ready, unready } = backends(plan, index, workload);
  const { namespace, name } = namesOf(workload);
  const endpoints = [
    ...ready.map((backend) => ({ backend, isReady: true })),
    ...unready.map((backend) => ({ backend, isReady: false })),
  ].map(({ backend: { ip, nodeName, targetRef }, isReady }) => ({
    addresses: [ip],
    conditions: { ready: isReady, serving: isReady, terminating: false },
    nodeName,
    targetRef,
    zone: plan.nodeFacts.find((node) => node.name === nodeName)?.labels["topology.kubernetes.io/zone"],
  }));
  return {
    metadata: {
      name: `${name}-slice`,
      namespace,
      uid: uidOf(plan, "EndpointSlice", namesOf(workload)),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload)),
      labels: {
        ...labelsOf(workload),
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": name,
      },
    },
    addressType: "IPv4",
    endpoints: endpoints.length === 0 ? null : endpoints,
    ports: portsOf(workload).map(({ name: portName, targetPort, protocol }) => ({
      name: portName,
      port: targetPort,
      protocol,
    })),
  };
}
