import { randomUUID } from "node:crypto";
import { statusOf } from "../../cluster/budget-status.ts";
import type { Base } from "../../cluster/collection.ts";
import { isNodeReady, type NodeFacts } from "../node.ts";
import { createdMs, readyCount, uidOf } from "../owners.ts";
import type { Plan } from "../plan.ts";
import { time } from "../time.ts";
import type { ApiObject } from "../types.ts";
import type { Workload } from "../workload.ts";
import { made } from "./made.ts";

/** Objects that go with workloads and nodes: so many that they are built when they are asked for. */
export function keyed<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  build: (item: T) => ApiObject,
): Base {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return {
    keys: [...byKey.keys()],
    build(key) {
      const item = byKey.get(key);
      return item === undefined ? undefined : build(item);
    },
  };
}

type Indexed = { workload: Workload; index: number };

function replicated(plan: Plan): Indexed[] {
  return plan.workloads
    .map((workload, index) => ({ workload, index }))
    .filter(
      ({ workload: { kind, replicas, budget } }) =>
        (kind === "Deployment" || kind === "StatefulSet") && replicas > 1 && budget !== false,
    );
}

const placeOf = ({ workload }: Indexed) => `${workload.namespace}/${workload.name}`;

/** One disruption at a time, whatever is the matter with the pods already. */
export function budgets(plan: Plan): Base {
  return keyed(replicated(plan), placeOf, ({ workload, index }) => {
    const { namespace, name, template } = workload;
    const { total, ready } = readyCount(plan, index);
    const maxUnavailable = Math.min(total, total - ready + 1);
    const metadata = {
      name,
      namespace,
      uid: uidOf(plan, "PodDisruptionBudget", workload),
      generation: 1,
      creationTimestamp: time(createdMs(plan, workload)),
    };
    return {
      metadata,
      spec: { maxUnavailable, selector: { matchLabels: template.metadata.labels } },
      status: statusOf({ metadata }, { total, healthy: ready, needed: total - maxUnavailable }),
    };
  });
}

/** Some of the business services grow with their load; at the moment they have what they need. */
export function autoscalers(plan: Plan): Base {
  const scaled = replicated(plan).filter(
    ({ workload: { kind, namespace, name, history } }) =>
      kind === "Deployment" && !history && name === `${namespace}-api`,
  );
  return keyed(scaled, placeOf, ({ workload }) => autoscaler(plan, workload));
}

function autoscaler(plan: Plan, workload: Workload): ApiObject {
  const { namespace, name, replicas } = workload;
  const created = time(createdMs(plan, workload));
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    lastTransitionTime: created,
    reason,
    message,
  });
  const ready = ["ReadyForNewScale", "recommended size matches current size"] as const;
  const valid = "the HPA was able to successfully calculate a replica count from cpu resource utilization";
  const inRange = ["DesiredWithinRange", "the desired count is within the acceptable range"] as const;
  return {
    metadata: {
      name,
      namespace,
      uid: uidOf(plan, "HorizontalPodAutoscaler", workload),
      creationTimestamp: created,
    },
    spec: {
      scaleTargetRef: { kind: "Deployment", name, apiVersion: "apps/v1" },
      minReplicas: 2,
      maxReplicas: replicas * 3,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    },
    status: {
      currentReplicas: replicas,
      desiredReplicas: replicas,
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 62, averageValue: "120m" } },
        },
      ],
      conditions: [
        condition("AbleToScale", "True", ...ready),
        condition("ScalingActive", "True", "ValidMetricFound", valid),
        condition("ScalingLimited", "False", ...inRange),
      ],
    },
  };
}

const serverIdentity = randomUUID();

type Holder = { namespace: string; name: string; holder: string; seconds: number; node?: NodeFacts };

/** Renewed all the time by those who hold them: the present, where everything else stands still. */
export function leases(plan: Plan): Base {
  const first = plan.nodeFacts[0]?.name ?? "";
  const identity = `apiserver-${made(plan, "Lease", { name: "apiserver" }).uid.replaceAll("-", "").slice(0, 26)}`;
  const holders: Holder[] = [
    ...plan.nodeFacts.map((node) => ({
      namespace: "kube-node-lease",
      name: node.name,
      holder: node.name,
      seconds: 40,
      node,
    })),
    { namespace: "kube-system", name: identity, holder: `${identity}_${serverIdentity}`, seconds: 3600 },
    ...["kube-controller-manager", "kube-scheduler"].map((name) => ({
      namespace: "kube-system",
      name,
      holder: `${first}_${made(plan, "Holder", { name }).uid}`,
      seconds: 15,
    })),
  ];
  return keyed(
    holders,
    ({ namespace, name }) => `${namespace}/${name}`,
    (holder) => lease(plan, holder, holder.name === identity ? first : undefined),
  );
}

function lease(plan: Plan, { namespace, name, holder, seconds, node }: Holder, host?: string): ApiObject {
  const silentMs = node && !isNodeReady(node) && node.state.ready === "Unknown" ? 1_800_000 : 0;
  const labels = {
    "apiserver.kubernetes.io/identity": "kube-apiserver",
    "kubernetes.io/hostname": host ?? "",
  };
  return {
    metadata: made(plan, "Lease", { namespace, name }, host === undefined ? {} : { labels }),
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: seconds,
      renewTime: new Date(Date.now() - silentMs).toISOString().replace("Z", "000Z"),
    },
  };
}
