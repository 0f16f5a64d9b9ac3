import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { getList } from "./testing/client.ts";
import { keyPaths, shapes } from "./testing/recordings.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  // those that plant nothing but what a kubelet and a controller would report
  const faults = [
    "container-exit-codes",
    "cpu-limits",
    "default-log-container",
    "duplicate-pod-ip",
    "host-ports",
  ];
  cluster = await startPracticeCluster({ faults, pods: 240 });
});
afterAll(() => cluster.close());

/** Served by every API server, but not set in any recorded object. */
const unrecorded = [
  "spec.containers[].ports[].hostIP",
  "status.lastScheduleTime",
  "status.lastSuccessfulTime",
  "subsets[].ports[].name",
  "endpoints[].zone",
  "imagePullSecrets",
  "imagePullSecrets[].name",
];

/** Parts of a kind that the recorded objects do not use; what stands below them is not looked at. */
const unrecordedParts =
  /^(spec\.topologySpreadConstraints|spec\.volumes\[\]\.secret|spec\.containers\[\]\.(livenessProbe|startupProbe|lifecycle|securityContext)|status\.loadBalancer)\b/;

/** A pod template is a pod, an init container a container. */
function alike(path: string): string {
  return path
    .replace(/^spec\.(jobTemplate\.spec\.)?template\.(?=spec|metadata)/, "")
    .replace(/^spec\.initContainers/, "spec.containers")
    .replace(/^status\.initContainerStatuses/, "status.containerStatuses");
}

function knownPaths(kind: string): Set<string> {
  const metadata = Object.values(shapes)
    .flat()
    .filter((path) => path.startsWith("metadata."));
  const spec = (shapes.Pod ?? []).filter((path) => path.startsWith("spec."));
  return new Set([...(shapes[kind] ?? []), ...spec, ...metadata, ...unrecorded].map(alike));
}

test.each([
  ["Pod", "/api/v1/pods"],
  ["Node", "/api/v1/nodes"],
  ["Namespace", "/api/v1/namespaces"],
  ["Service", "/api/v1/services"],
  ["Endpoints", "/api/v1/endpoints"],
  ["Event", "/api/v1/events"],
  ["ConfigMap", "/api/v1/configmaps"],
  ["ServiceAccount", "/api/v1/serviceaccounts"],
  ["Deployment", "/apis/apps/v1/deployments"],
  ["ReplicaSet", "/apis/apps/v1/replicasets"],
  ["StatefulSet", "/apis/apps/v1/statefulsets"],
  ["DaemonSet", "/apis/apps/v1/daemonsets"],
  ["Job", "/apis/batch/v1/jobs"],
  ["CronJob", "/apis/batch/v1/cronjobs"],
  ["EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices"],
])("generated %s objects have no field that real ones do not have", async (kind, path) => {
  const { items } = await getList(cluster, "admin", path);
  const known = knownPaths(kind);
  const unknown = [...keyPaths(items)]
    .map((one) => alike(one.slice(3)))
    .filter((one) => !known.has(one) && !unrecordedParts.test(one));
  expect(items.length).toBeGreaterThan(0);
  expect(unknown).toEqual([]);
});
