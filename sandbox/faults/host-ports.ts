import { edgeLabel, type NodeFacts } from "../objects/node.ts";
import type { ContainerPort } from "../objects/types.ts";
import type { Workload } from "../objects/workload.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

type Subject = ExpectedFinding["subject"];
type Port = Partial<ContainerPort> & { hostPort: number };

function withPort(
  kind: Workload["kind"],
  namespace: string,
  name: string,
  port: Port,
  more: Parameters<typeof planted>[3] = {},
): Workload {
  return planted(kind, namespace, name, {
    ...more,
    containers: [{ ports: [{ containerPort: 8080, ...port }] }],
  });
}

function expected(code: string, subject: Subject): ExpectedFinding {
  return { checkId: "kubernetes/host-ports", code, verdict: "fail", subject };
}

/** They have no node, which is a state of the pod as well. */
function pending(subject: Subject): ExpectedFinding {
  return { checkId: "kubernetes/pod-abnormal-states", code: "host-port-taken", verdict: "fail", subject };
}

const crowded = [
  { namespace: "storefront", name: "edge-gateway", hostPort: 8443, tooMany: 2 },
  { namespace: "logistics", name: "edge-scanner", hostPort: 9443, tooMany: 1 },
];
const clashes = [
  { namespace: "payments", service: "terminal", holder: "card-reader", port: 31_780 },
  { namespace: "storefront", service: "kiosk", holder: "kiosk-display", port: 31_955 },
];

const waits = [
  { kind: "Pod", namespace: "checkout", name: "label-printer-2" },
  { kind: "Deployment", namespace: "search", name: "node-agent" },
];

/** More replicas than nodes that may run them. */
function crowdedWorkloads({ nodes }: Site): Workload[] {
  const edges = nodes.filter(({ labels }) => labels[edgeLabel] === "true").length;
  return crowded.map(({ namespace, name, hostPort, tooMany }) =>
    withPort(
      "Deployment",
      namespace,
      name,
      { hostPort },
      {
        replicas: edges + tooMany,
        nodeSelector: { [edgeLabel]: "true" },
      },
    ),
  );
}

/** A pod that may run on one node only, where its port is taken. The holder is planted first. */
function waitingWorkloads(pinned: { nodeSelector: Record<string, string> }): Workload[] {
  const one = { ...pinned, replicas: 1 };
  return [
    withPort("Pod", "checkout", "label-printer-1", { hostPort: 9200 }, pinned),
    withPort("Pod", "checkout", "label-printer-2", { hostPort: 9200 }, pinned),
    withPort("Deployment", "search", "node-agent-old", { hostPort: 7070 }, one),
    withPort("Deployment", "search", "node-agent", { hostPort: 7070 }, one),
  ];
}

/** A port of the node that a Service has, too. */
function clashingWorkloads(): Workload[] {
  return clashes.flatMap(({ namespace, service, holder, port }) => [
    planted("Deployment", namespace, service, { service: { port: 80, targetPort: 8080, nodePort: port } }),
    withPort("Deployment", namespace, holder, { hostPort: port }),
  ]);
}

function decoyWorkloads(pinned: { nodeSelector: Record<string, string> }, node: NodeFacts): Workload[] {
  return [
    withPort("Pod", "checkout", "other-protocol", { hostPort: 9200, protocol: "UDP" }, pinned),
    withPort("Pod", "checkout", "local-address", { hostPort: 9300, hostIP: "127.0.0.1" }, pinned),
    withPort("Pod", "checkout", "node-address", { hostPort: 9300, hostIP: node.address }, pinned),
    withPort(
      "Pod",
      "checkout",
      "finished-printer",
      { hostPort: 9200 },
      {
        ...pinned,
        history: () => ({ phase: "Succeeded", nodeName: node.name }),
      },
    ),
  ];
}

const decoys: [name: string, why: string][] = [
  ["other-protocol", "the same port, but UDP"],
  ["local-address", "the same port on another address of the node"],
  ["node-address", "the same port on another address of the node"],
  ["finished-printer", "it has ended: it claims nothing"],
];

function plant(site: Site): Planted {
  const [node] = site.workers;
  if (!node) throw new RangeError("A cluster has at least one worker.");
  const pinned = { nodeSelector: { "kubernetes.io/hostname": node.name } };
  return {
    workloads: [
      ...crowdedWorkloads(site),
      ...waitingWorkloads(pinned),
      ...clashingWorkloads(),
      ...decoyWorkloads(pinned, node),
    ],
    expected: [
      ...crowded.flatMap(({ namespace, name }) => {
        const subject = { kind: "Deployment", namespace, name };
        return [expected("too-many-replicas", subject), pending(subject)];
      }),
      ...waits.flatMap((subject) => [expected("no-free-port", subject), pending(subject)]),
      ...clashes.map(({ namespace, service, port }) =>
        expected("node-port-clash", { kind: "Service", namespace, name: service, part: `${port}/TCP` }),
      ),
    ],
    decoys: decoys.map(([name, why]) => ({ subject: { kind: "Pod", namespace: "checkout", name }, why })),
  };
}

export const fault: Fault = {
  id: "host-ports",
  plant,
  mend(controllers) {
    for (const { namespace, name, tooMany } of crowded) {
      controllers.change("Deployment", namespace, name, (spec) => ({
        ...spec,
        replicas: (spec.replicas ?? 1) - tooMany,
      }));
    }
    controllers.deletePod("checkout", "label-printer-1");
    controllers.deleteOwner("Deployment", "search", "node-agent-old");
    for (const { namespace, holder } of clashes) {
      controllers.change("Deployment", namespace, holder, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          spec: {
            ...spec.template.spec,
            containers: spec.template.spec.containers.map(({ ports = [], ...container }) => ({
              ...container,
              ports: ports.map(({ hostPort: _taken, ...port }) => port),
            })),
          },
        },
      }));
    }
  },
};
