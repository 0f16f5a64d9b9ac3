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

const protocolOf = (port: number) => (port === 53 ? "UDP" : "TCP");

export function buildService(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { port, targetPort, nodePort } = workload.service;
  const clusterIP = ipText(ipNumber("10.96.0.0") + 10 + index);
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "Service", workload),
      creationTimestamp: time(createdMs(plan, workload)),
      labels: workload.template.metadata.labels,
    },
    spec: {
      ports: [
        {
          name: port === 53 ? "dns" : "http",
          protocol: protocolOf(port),
          port,
          targetPort,
          ...(nodePort && { nodePort }),
        },
      ],
      selector: workload.template.metadata.labels,
      clusterIP,
      clusterIPs: [clusterIP],
      type: nodePort ? "NodePort" : "ClusterIP",
      sessionAffinity: "None",
      ...(nodePort && { externalTrafficPolicy: "Cluster" }),
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
    },
    status: { loadBalancer: {} },
  };
}

type Backend = { ip: string; nodeName: string; targetRef: Record<string, string> };

function backends(plan: Plan, index: number, workload: Workload): Backend[] {
  const found: Backend[] = [];
  const first = plan.firstSlot[index] ?? 0;
  for (let slot = first; slot < (plan.firstSlot[index + 1] ?? first); slot += 1) {
    const address = plan.ipOf[slot] ?? 0;
    const node = plan.nodeFacts[plan.nodeOf[slot] ?? -1];
    const key = plan.podKeys[slot];
    if (!node || !isNodeReady(node) || address === 0 || key === undefined) continue;
    if (!isServing(workload.history?.(slot - first))) continue;
    const name = key.slice(workload.namespace.length + 1);
    found.push({
      ip: ipText(address),
      nodeName: node.name,
      targetRef: { kind: "Pod", namespace: workload.namespace, name },
    });
  }
  return found;
}

export function buildEndpoints(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { port, targetPort } = workload.service;
  const addresses = backends(plan, index, workload);
  const ports = [{ name: port === 53 ? "dns" : "http", port: targetPort, protocol: protocolOf(port) }];
  return {
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      uid: uidOf(plan, "Endpoints", workload),
      creationTimestamp: time(createdMs(plan, workload)),
      labels: {
        ...workload.template.metadata.labels,
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
      },
    },
    ...(addresses.length > 0 && { subsets: [{ addresses, ports }] }),
  };
}

export function buildEndpointSlice(plan: Plan, index: number, workload: ServedWorkload): ApiObject {
  const { port, targetPort } = workload.service;
  const ready = backends(plan, index, workload);
  return {
    metadata: {
      name: `${workload.name}-slice`,
      namespace: workload.namespace,
      uid: uidOf(plan, "EndpointSlice", workload),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload)),
      labels: {
        ...workload.template.metadata.labels,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": workload.name,
      },
    },
    addressType: "IPv4",
    endpoints:
      ready.length === 0
        ? null
        : ready.map(({ ip, nodeName, targetRef }) => ({
            addresses: [ip],
            conditions: { ready: true, serving: true, terminating: false },
            nodeName,
            targetRef,
          })),
    ports: [{ name: port === 53 ? "dns" : "http", port: targetPort, protocol: protocolOf(port) }],
  };
}
