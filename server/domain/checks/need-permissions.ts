import type { CheckView } from "#common/contracts/runbook.ts";
import type { KubernetesKind, Need, NeedRequest } from "#server/checks/needs/need.ts";

type Permission = CheckView["permissions"][number];
type Right = Omit<Permission, "optional"> & {
  /** only an older server is asked for it */
  elsewise?: true;
};

/** What a credential must be allowed for these needs, each permission once. */
export function permissionsOf(needs: readonly Need<unknown, boolean>[]): Permission[] {
  const byKey = new Map<string, Permission>();
  for (const need of needs) {
    for (const { elsewise, ...right } of rightsOf(need)) {
      const key = `${right.group}/${right.resource}/${right.verb}`;
      // What an active check does may fail in ways it can judge; without the right it has nothing to judge at all.
      const needed = need.type === "kubernetes.port-forward" || (!need.optional && !elsewise);
      const optional = !needed && byKey.get(key)?.optional !== false;
      byKey.set(key, { ...right, optional });
    }
  }
  return [...byKey.values()];
}

/** Reviews ask of oneself, which everybody may; what is read of anything but Kubernetes needs none of its rights. */
function rightsOf(need: NeedRequest): Right[] {
  switch (need.type) {
    case "kubernetes.list": {
      const others = (need.alternatives ?? []).map((kind) => ({
        ...on(kind, "list"),
        elsewise: true as const,
      }));
      return [on(need.kind, "list"), ...others];
    }
    case "kubernetes.get":
      return [on(need.kind, "get")];
    case "kubernetes.watch":
      return [on(need.kind, "list"), on(need.kind, "watch")];
    case "kubernetes.raw":
      return [plain("get", need.path.replace(/\?.*$/, ""))];
    case "kubernetes.counts":
      return [plain("get", "/metrics")];
    case "kubernetes.log":
      return [plain("get", "pods/log")];
    case "kubernetes.nodes":
      return [plain("list", "nodes"), privileged("get", "nodes/proxy")];
    case "kubernetes.pod-proxy":
      return [privileged("get", "pods/proxy")];
    case "kubernetes.pods-proxy":
      return [plain("list", "pods"), privileged("get", "pods/proxy")];
    case "kubernetes.port-forward":
      // Over a WebSocket servers ask for "get", newer ones for "create" as well.
      return [privileged("get", "pods/portforward"), privileged("create", "pods/portforward")];
    case "sampled":
      return rightsOf(need.need);
    default:
      return [];
  }
}

/** Whoever may list Secrets has every password in them, whatever a check keeps of it. */
function on({ group, resource }: KubernetesKind, verb: Right["verb"]): Right {
  return { group, resource, verb, privileged: group === "" && resource === "secrets" };
}

function plain(verb: Right["verb"], resource: string): Right {
  return { group: "", resource, verb, privileged: false };
}

function privileged(verb: Right["verb"], resource: string): Right {
  return { group: "", resource, verb, privileged: true };
}
