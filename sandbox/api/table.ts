import type { Resource } from "../cluster/resources.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";

type Column = { name: string; type: string; format: string; description: string; priority: number };
type Row = { cells: unknown[]; conditions?: Record<string, string>[] };

const nameText =
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
const column = (name: string, description: string, priority = 0, format = ""): Column => ({
  name,
  type: "string",
  format,
  description,
  priority,
});
const name = column("Name", nameText, 0, "name");
const age = column(
  "Age",
  "CreationTimestamp is a timestamp representing the server time when this object was created.",
);
const podColumns = [
  name,
  column("Ready", "The aggregate readiness state of this pod for accepting traffic."),
  column("Status", "The aggregate status of the containers in this pod."),
  column(
    "Restarts",
    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
  ),
  age,
  column(
    "IP",
    "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.",
    1,
  ),
  column("Node", "NodeName indicates in which node this pod is scheduled.", 1),
  column("Nominated Node", "nominatedNodeName is set only when this pod preempts other pods on the node.", 1),
  column("Readiness Gates", "If specified, all readiness gates will be evaluated for pod readiness.", 1),
];

/** Pods have the columns of `kubectl get pods -o wide`; every other kind its name and age. */
export function columnsOf(resource: Resource): Column[] {
  return resource.name === "pods" ? podColumns : [name, age];
}

export function rowOf(resource: Resource, object: ApiObject): Row {
  if (resource.name === "pods") return podRow(object as PodObject);
  return { cells: [object.metadata.name, ageOf(object)] };
}

function podRow(pod: PodObject): Row {
  const statuses = pod.status.containerStatuses ?? [];
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ready = statuses.filter((status) => status.ready).length;
  const cells = [
    pod.metadata.name,
    `${ready}/${pod.spec.containers.length}`,
    statusWord(pod),
    String(restarts),
    ageOf(pod),
    pod.status.podIP ?? "<none>",
    pod.spec.nodeName ?? "<none>",
    "<none>",
    "<none>",
  ];
  return pod.status.phase === "Succeeded" ? { cells, conditions: [completed] } : { cells };
}

const completed = {
  type: "Completed",
  status: "True",
  reason: "Succeeded",
  message: "The pod has completed successfully.",
};

function statusWord(pod: PodObject): string {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  for (const { state } of (pod.status.containerStatuses ?? []).toReversed()) {
    if (state.waiting) return state.waiting.reason;
    if (state.terminated) return state.terminated.reason;
  }
  return pod.status.reason ?? pod.status.phase;
}

function ageOf({ metadata }: ApiObject): string {
  const seconds = Math.max(
    0,
    Math.floor((Date.now() - Date.parse(metadata.creationTimestamp ?? "")) / 1_000),
  );
  if (Number.isNaN(seconds)) return "<unknown>";
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60 ? `${seconds % 60}s` : ""}`;
  if (seconds < 3 * 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
