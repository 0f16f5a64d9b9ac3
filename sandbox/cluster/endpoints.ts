import { uidOf } from "../objects/owners.ts";
import type { Plan } from "../objects/plan.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";
import { isReady } from "./owned.ts";
import { keyOf, type Store } from "./store.ts";

const slices = "endpointslices.discovery.k8s.io";

type ServicePort = { name?: string; port: number; targetPort?: number | string; protocol?: string };
type Service = {
  spec?: { selector?: Record<string, string>; ports?: ServicePort[]; publishNotReadyAddresses?: boolean };
};

type Backend = { pod: PodObject; ready: boolean; terminating: boolean };

/**
 * Endpoints or EndpointSlice of a Service as their controllers would write them now. Those that were generated show
 * the pods of the start for as long as nothing in their namespace has changed; what a fault planted stays as it is.
 */
export function followedEndpoints(plan: Plan, store: Store, kind: string, object: ApiObject): ApiObject {
  const { namespace = "", labels = {}, name: own, uid } = object.metadata;
  const name = kind === "Endpoints" ? own : labels["kubernetes.io/service-name"];
  if (name === undefined || uid !== uidOf(plan, kind, { namespace, name })) return object;
  const inside = `${namespace}/`;
  const isStub = object.subsets === undefined && object.endpoints === undefined;
  if (!isStub && !store.hasChanged("pods", inside) && !store.hasChanged("services", inside)) return object;
  const service = store.get("services", inside + name) as (ApiObject & Service) | undefined;
  if (!service?.spec?.selector) return object;
  const backends = backendsOf(store, inside, service);
  return kind === "Endpoints"
    ? { ...object, subsets: subsetsOf(service, backends) }
    : { ...object, endpoints: slicesOf(plan, backends), ports: portsOf(service, backends[0]?.pod) };
}

/** Stands for what the controllers will make of a Service that a fault adds. */
export function endpointStubs(plan: Plan, service: ApiObject): { endpoints: ApiObject; slice: ApiObject } {
  const { namespace = "", name, creationTimestamp } = service.metadata;
  const made = (kind: string, own: string, labels: Record<string, string>) => ({
    name: own,
    namespace,
    uid: uidOf(plan, kind, { namespace, name }),
    creationTimestamp,
    labels,
  });
  const endpoints = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
  const slice = {
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    "kubernetes.io/service-name": name,
  };
  return {
    endpoints: { metadata: made("Endpoints", name, endpoints) },
    slice: { metadata: made("EndpointSlice", `${name}-slice`, slice), addressType: "IPv4" },
  };
}

function backendsOf(store: Store, inside: string, { spec }: Service): Backend[] {
  const selector = Object.entries(spec?.selector ?? {});
  const app = spec?.selector?.["app.kubernetes.io/name"];
  const owned = ["deployments.apps", "statefulsets.apps"].some((kind) => store.get(kind, `${inside}${app}`));
  // what an owner makes is named after it: no need to look at the rest
  const prefix = owned ? `${inside}${app}-` : inside;
  const found: Backend[] = [];
  for (const [, object] of store.of("pods").walk(prefix, prefix, store.revision)) {
    const pod = object as PodObject;
    const { labels = {}, deletionTimestamp } = pod.metadata;
    if (!selector.every(([key, value]) => labels[key] === value)) continue;
    if (!pod.status.podIP || pod.status.phase === "Succeeded" || pod.status.phase === "Failed") continue;
    const terminating = deletionTimestamp !== undefined;
    found.push({ pod, terminating, ready: isReady(pod) && !terminating });
  }
  return found;
}

function portsOf({ spec }: Service, pod: PodObject | undefined) {
  return (spec?.ports ?? []).flatMap(({ name, port, targetPort = port, protocol = "TCP" }) => {
    const number = typeof targetPort === "number" ? targetPort : namedPort(pod, targetPort);
    return number === undefined ? [] : [{ ...(name && { name }), port: number, protocol }];
  });
}

function namedPort(pod: PodObject | undefined, wanted: string): number | undefined {
  const ports = pod?.spec.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find(({ name }) => name === wanted)?.containerPort;
}

const targetOf = ({ metadata: { namespace = "", name } }: PodObject) => ({ kind: "Pod", namespace, name });

function subsetsOf(service: Service, backends: readonly Backend[]) {
  if (backends.length === 0) return undefined;
  const addresses = (ready: boolean) =>
    backends
      .filter((backend) => backend.ready === ready && !backend.terminating)
      .map(({ pod }) => ({ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: targetOf(pod) }));
  const [ready, unready] = [addresses(true), addresses(false)];
  return [
    {
      ...(ready.length > 0 && { addresses: ready }),
      ...(unready.length > 0 && { notReadyAddresses: unready }),
      ports: portsOf(service, backends[0]?.pod),
    },
  ];
}

function slicesOf(plan: Plan, backends: readonly Backend[]) {
  if (backends.length === 0) return null;
  return backends.map(({ pod, ready, terminating }) => ({
    addresses: [pod.status.podIP],
    conditions: { ready, serving: ready || (terminating && isReady(pod)), terminating },
    nodeName: pod.spec.nodeName,
    targetRef: targetOf(pod),
    zone: plan.nodeFacts.find(({ name }) => name === pod.spec.nodeName)?.labels[
      "topology.kubernetes.io/zone"
    ],
  }));
}

/** Tells those who watch endpoints of every change of a pod behind a Service, and of the Service itself. */
export function announceEndpoints(plan: Plan, store: Store): void {
  store.onChange((resource, key, revision) => {
    if (resource === "services") followService(plan, store, key);
    if (resource !== "pods") return;
    const pod = store.of("pods").at(key, revision) ?? store.of("pods").at(key, revision - 1);
    const { namespace = "", labels = {} } = pod?.metadata ?? {};
    const inside = `${namespace}/`;
    for (const [service, object] of store.of("services").walk(inside, inside, store.revision)) {
      const selector = Object.entries((object as Service).spec?.selector ?? {});
      const behind = selector.length > 0 && selector.every(([name, value]) => labels[name] === value);
      if (behind) touchEndpoints(store, service);
    }
  });
}

/** A new Service gets its endpoints, and one that is gone takes along those that its controllers wrote. */
function followService(plan: Plan, store: Store, key: string): void {
  const service = store.get("services", key) as (ApiObject & Service) | undefined;
  const [namespace = "", name = ""] = key.split("/");
  const stubs = endpointStubs(plan, service ?? { metadata: { namespace, name } });
  for (const [resource, stub] of [
    ["endpoints", stubs.endpoints],
    [slices, stubs.slice],
  ] as const) {
    const known = store.get(resource, keyOf(stub));
    if (service?.spec?.selector && !known) store.put(resource, stub);
    if (!service && known?.metadata.uid === stub.metadata.uid) store.remove(resource, keyOf(stub));
  }
  if (service) touchEndpoints(store, key);
}

function touchEndpoints(store: Store, service: string): void {
  if (store.get("endpoints", service)) store.touch("endpoints", service);
  if (store.get(slices, `${service}-slice`)) store.touch(slices, `${service}-slice`);
}
