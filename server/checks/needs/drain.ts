import type { Node, PersistentVolume, Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type {
  DrainBudget,
  DrainFacts,
  DrainNode,
  DrainPod,
  DrainService,
  DrainVolume,
} from "#common/kubernetes/drain-facts.ts";
import { pickPlacementNode, pickPlacementRules } from "#common/kubernetes/placement.ts";
import { podRequests } from "#common/kubernetes/pod-requests.ts";
import { millicores, parseQuantity } from "#common/kubernetes/quantity.ts";
import { interned } from "./interned.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { isUnread, optional, type Unread } from "./need.ts";
import { ownerNeeds, pickOwner } from "./owners.ts";

const controlPlaneLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

export function pickDrainNode(node: Node): DrainNode {
  const { allocatable = {}, conditions = [] } = node.status ?? {};
  const placement = pickPlacementNode(node);
  return {
    ...placement,
    ready: conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    controlPlane: controlPlaneLabels.some((label) => placement.labels[label] !== undefined),
    cpuMillis: millicores(allocatable.cpu) ?? 0,
    memoryBytes: parseQuantity(allocatable.memory) ?? 0,
    podRoom: parseQuantity(allocatable.pods) ?? 0,
  };
}

/** Every pod bears these for its first five minutes on a lost node: they never decide where it may go. */
const waitsForNode = new Set(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);

function rulesOf(pod: Pod): DrainPod["rules"] {
  const rules = pickPlacementRules(pod.spec);
  const tolerations = rules.tolerations.filter(
    ({ key = "", tolerationSeconds }) => !(waitsForNode.has(key) && tolerationSeconds !== undefined),
  );
  const isFree =
    Object.keys(rules.nodeSelector).length === 0 && rules.terms === null && tolerations.length === 0;
  return isFree ? undefined : { ...rules, tolerations };
}

function apartOf(pod: Pod): DrainPod["apart"] {
  const terms = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const own = terms.flatMap(({ topologyKey, labelSelector, namespaces }) =>
    labelSelector && !namespaces ? [{ topologyKey, selector: labelSelector }] : [],
  );
  return own.length > 0 ? own : undefined;
}

export function pickDrainPod(pod: Pod): DrainPod | undefined {
  const { metadata, spec, status } = pod;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const ready = status?.conditions?.some((one) => one.type === "Ready" && one.status === "True");
  const volumes = spec?.volumes ?? [];
  const claims = volumes.flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  const owned = pickOwner(metadata);
  // A DaemonSet's pod is bound to its node by a rule of its own, and is never placed elsewhere.
  const isBound = owned.owner?.kind === "DaemonSet";
  const rules = isBound ? undefined : rulesOf(pod);
  const apart = isBound ? undefined : apartOf(pod);
  return {
    ...owned,
    node: spec?.nodeName ?? "",
    labels: interned(metadata?.labels ?? {}),
    ...podRequests(spec),
    ...(ready && { ready: true as const }),
    ...(metadata?.deletionTimestamp && { ending: true as const }),
    ...(status?.phase === "Pending" && { pending: true as const }),
    ...(metadata?.annotations?.["kubernetes.io/config.mirror"] && { mirror: true as const }),
    ...(volumes.some(({ emptyDir }) => emptyDir) && { scratch: true as const }),
    ...(claims.length > 0 && { claims }),
    ...(rules && { rules: interned(rules) }),
    ...(apart && { apart: interned(apart) }),
  };
}

/** Services that find their endpoints by labels; the others keep theirs whatever happens to pods. */
export function pickDrainService({ metadata, spec }: Service): DrainService | undefined {
  if (spec?.type === "ExternalName" || Object.keys(spec?.selector ?? {}).length === 0) return undefined;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    selector: spec?.selector ?? {},
    ...(spec?.publishNotReadyAddresses && { unready: true as const }),
  };
}

export function pickDrainBudget({ metadata, spec, status }: PodDisruptionBudget): DrainBudget {
  const { minAvailable, maxUnavailable, selector } = spec ?? {};
  const policy = (spec as { unhealthyPodEvictionPolicy?: string } | undefined)?.unhealthyPodEvictionPolicy;
  const expected = status?.expectedPods ?? 0;
  const refusal = status?.conditions?.find(
    (one) => one.type === "DisruptionAllowed" && one.status === "False",
  );
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
  // An empty selector is every pod of the namespace in policy/v1, and none in v1beta1: the count tells which.
  const selects = selector && !(isEmpty && expected === 0);
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    ...(selects && { selector }),
    rule:
      maxUnavailable === undefined
        ? `minAvailable: ${minAvailable ?? 1}`
        : `maxUnavailable: ${maxUnavailable}`,
    allowed: status?.disruptionsAllowed ?? 0,
    healthy: status?.currentHealthy ?? 0,
    desired: status?.desiredHealthy ?? 0,
    expected,
    ...(refusal?.lastTransitionTime && { blockedSince: refusal.lastTransitionTime }),
    ...(policy === "AlwaysAllow" && { unreadyMayGo: true as const }),
  };
}

export function pickDrainVolume({ spec }: PersistentVolume): DrainVolume | undefined {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  const { namespace, name } = spec?.claimRef ?? {};
  return terms && namespace && name ? { namespace, claim: name, terms } : undefined;
}

/** Everything that tells what a drain would do. Two checks read it, and the tools that simulate one. */
export const drainNeeds = {
  nodes: kubernetes.list(kinds.Node, pickDrainNode),
  pods: kubernetes.list(kinds.Pod, pickDrainPod),
  services: kubernetes.list(kinds.Service, pickDrainService),
  budgets: kubernetes.list([kinds.PodDisruptionBudget, kinds.PodDisruptionBudgetBeta], pickDrainBudget),
  volumes: optional(kubernetes.list(kinds.PersistentVolume, pickDrainVolume)),
  ...ownerNeeds,
};

type Read = Omit<DrainFacts, "volumes"> & { volumes: DrainVolume[] | Unread };

/** Without the volumes it is as if every claim could follow its pod. */
export function drainFactsOf({ nodes, pods, services, budgets, volumes }: Read): DrainFacts {
  return { nodes, pods, services, budgets, volumes: isUnread(volumes) ? [] : volumes };
}
