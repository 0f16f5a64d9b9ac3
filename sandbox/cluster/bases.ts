import { type Certificates, standingObjects } from "../objects/base/all.ts";
import { autoscalers, budgets, keyed, leases } from "../objects/base/lazy.ts";
import { buildCronJob, buildJob } from "../objects/jobs.ts";
import {
  buildNamespace,
  buildRootCertificateMap,
  buildServiceAccount,
  namespaceNames,
} from "../objects/namespace.ts";
import { buildEndpointSlice, buildEndpoints, buildService, isServed } from "../objects/network.ts";
import { buildNode } from "../objects/node-object.ts";
import { buildDeployment, buildReplicaSet, replicaSetName } from "../objects/owners.ts";
import type { Plan } from "../objects/plan.ts";
import { buildPlannedPod } from "../objects/pod-of-plan.ts";
import { buildDaemonSet, buildStatefulSet } from "../objects/sets.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Workload, WorkloadKind } from "../objects/workload.ts";
import type { Base } from "./collection.ts";
import { endpointStubs } from "./endpoints.ts";
import { keyOf } from "./store.ts";

/** What faults add to the generated objects, and what they change about them. */
export type Difference = {
  extra: ReadonlyMap<string, ApiObject[]>;
  changes: readonly { resource: string; key: string; edit: (object: ApiObject) => ApiObject }[];
};

/** For each kind, the generated objects of a plan. */
export function basesOf(
  plan: Plan,
  certificates: Certificates,
  { extra, changes }: Difference,
): Map<string, Base> {
  const { caPem } = certificates;
  const namespaces = namespaceNames(plan);
  const bases = new Map<string, Base>([
    ["pods", podsOf(plan)],
    [
      "nodes",
      keyed(
        plan.nodeFacts,
        ({ name }) => name,
        (node) => buildNode(node, plan),
      ),
    ],
    [
      "namespaces",
      keyed(
        namespaces,
        (name) => name,
        (name) => buildNamespace(plan, name),
      ),
    ],
    [
      "serviceaccounts",
      keyed(
        namespaces,
        (name) => `${name}/default`,
        (name) => buildServiceAccount(plan, name),
      ),
    ],
    [
      "configmaps",
      keyed(
        namespaces,
        (name) => `${name}/kube-root-ca.crt`,
        (name) => buildRootCertificateMap(plan, name, caPem),
      ),
    ],
    ["deployments.apps", owners(plan, "Deployment", buildDeployment)],
    ["replicasets.apps", owners(plan, "Deployment", buildReplicaSet, replicaSetName)],
    ["statefulsets.apps", owners(plan, "StatefulSet", buildStatefulSet)],
    ["daemonsets.apps", owners(plan, "DaemonSet", buildDaemonSet)],
    ["jobs.batch", owners(plan, "Job", (_, __, workload) => buildJob(plan, workload))],
    ["cronjobs.batch", cronJobs(plan)],
    ["services", served(plan, buildService)],
    ["endpoints", served(plan, buildEndpoints)],
    ["endpointslices.discovery.k8s.io", served(plan, buildEndpointSlice, "-slice")],
    ["poddisruptionbudgets.policy", budgets(plan)],
    ["horizontalpodautoscalers.autoscaling", autoscalers(plan)],
    ["leases.coordination.k8s.io", leases(plan)],
  ]);
  for (const [name, objects] of standingObjects(plan, certificates)) {
    bases.set(name, withExtra(bases.get(name), objects));
  }
  for (const [name, objects] of extra) bases.set(name, withExtra(bases.get(name), objects));
  addEndpoints(plan, bases, extra);
  for (const { resource, key, edit } of changes) bases.set(resource, changed(bases.get(resource), key, edit));
  return bases;
}

/** Services that a fault adds get what their controllers would make, unless the fault says what is there. */
function addEndpoints(plan: Plan, bases: Map<string, Base>, extra: Difference["extra"]): void {
  const planted = (resource: string, service: ApiObject) =>
    (extra.get(resource) ?? []).some(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        [metadata.name, metadata.labels?.["kubernetes.io/service-name"]].includes(service.metadata.name),
    );
  for (const service of extra.get("services") ?? []) {
    const stubs = endpointStubs(plan, service);
    const selects = (service.spec as { selector?: unknown } | undefined)?.selector !== undefined;
    for (const [resource, stub] of [
      ["endpoints", stubs.endpoints],
      ["endpointslices.discovery.k8s.io", stubs.slice],
    ] as const) {
      const known = planted(resource, service) || bases.get(resource)?.build(keyOf(stub));
      if (selects && !known) bases.set(resource, withExtra(bases.get(resource), [stub]));
    }
  }
}

function podsOf(plan: Plan): Base {
  const slots = new Map(plan.podKeys.map((key, slot) => [key, slot]));
  return {
    keys: plan.podKeys,
    build(key) {
      const slot = slots.get(key);
      return slot === undefined ? undefined : buildPlannedPod(plan, slot);
    },
  };
}

type Indexed<W = Workload> = { workload: W; index: number };

function owners(
  plan: Plan,
  kind: WorkloadKind,
  build: (plan: Plan, index: number, workload: Workload) => ApiObject,
  nameOf: (plan: Plan, workload: Workload) => string = (_, workload) => workload.name,
): Base {
  const found: Indexed[] = plan.workloads
    .map((workload, index) => ({ workload, index }))
    .filter(({ workload }) => workload.kind === kind);
  return keyed(
    found,
    ({ workload }) => `${workload.namespace}/${nameOf(plan, workload)}`,
    ({ workload, index }) => build(plan, index, workload),
  );
}

type Served = Parameters<typeof buildService>[2];

function served(
  plan: Plan,
  build: (plan: Plan, index: number, workload: Served) => ApiObject,
  suffix = "",
): Base {
  const found = plan.workloads.flatMap((workload, index) =>
    isServed(workload) ? [{ workload, index }] : [],
  );
  return keyed(
    found,
    ({ workload }) => `${workload.namespace}/${workload.service.name ?? workload.name}${suffix}`,
    ({ workload, index }) => build(plan, index, workload),
  );
}

function cronJobs(plan: Plan): Base {
  const found = plan.workloads.flatMap((workload) =>
    workload.cronJob ? [{ workload, cronJob: workload.cronJob }] : [],
  );
  return keyed(
    found,
    ({ workload, cronJob }) => `${workload.namespace}/${cronJob.name}`,
    ({ workload, cronJob }) => buildCronJob(plan, workload, cronJob),
  );
}

function withExtra(base: Base | undefined, objects: readonly ApiObject[]): Base {
  const own = keyed(objects, keyOf, (object) => object);
  if (!base) return own;
  const keys = [...new Set([...base.keys, ...own.keys])];
  return { keys, build: (key) => own.build(key) ?? base.build(key) };
}

function changed(base: Base | undefined, at: string, edit: (object: ApiObject) => ApiObject): Base {
  if (!base?.build(at)) throw new RangeError(`There is nothing to change at ${at}.`);
  return {
    keys: base.keys,
    build(key) {
      const object = base.build(key);
      return object && key === at ? edit(object) : object;
    },
  };
}
