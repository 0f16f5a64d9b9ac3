import { restrictedNamespaces, viewerRules } from "../../api/access.ts";
import type { Plan } from "../plan.ts";
import type { ApiObject } from "../types.ts";
import { type BaseObjects, made } from "./made.ts";

const rbac = "rbac.authorization.k8s.io";
const roleRef = (kind: "ClusterRole" | "Role", name: string) => ({ apiGroup: rbac, kind, name });
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", name, namespace });
const user = (name: string) => ({ kind: "User", apiGroup: rbac, name });
const read = ["get", "list", "watch"];

type Rule = { verbs: string[]; apiGroups: string[]; resources: string[] };

/** Programs of the cluster that read it, with the account they do it as. */
const readers: [namespace: string, name: string, rules: Rule[]][] = [
  [
    "ingress-nginx",
    "ingress-nginx",
    [
      { verbs: ["list", "watch"], apiGroups: [""], resources: ["configmaps", "endpoints", "nodes", "pods"] },
      { verbs: read, apiGroups: ["networking.k8s.io"], resources: ["ingressclasses", "ingresses"] },
      { verbs: ["update"], apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"] },
      { verbs: read, apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] },
    ],
  ],
  [
    "istio-system",
    "istiod",
    [
      {
        verbs: read,
        apiGroups: ["networking.istio.io", "security.istio.io", "telemetry.istio.io"],
        resources: ["*"],
      },
      { verbs: read, apiGroups: [""], resources: ["endpoints", "namespaces", "nodes", "pods", "services"] },
      {
        verbs: ["get", "list", "watch", "update", "patch"],
        apiGroups: ["admissionregistration.k8s.io"],
        resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
      },
    ],
  ],
  ["kube-system", "kube-flannel-ds", [{ verbs: read, apiGroups: [""], resources: ["nodes", "pods"] }]],
];

/** Bindings of the add-ons, as kubeadm and the add-ons' own manifests make them. */
const addOns: [binding: string, role: string, namespace: string, account: string][] = [
  ["kubeadm:node-proxier", "system:node-proxier", "kube-system", "kube-proxy"],
  ["system:coredns", "system:coredns", "kube-system", "coredns"],
  ["system:metrics-server", "system:metrics-server", "kube-system", "metrics-server"],
  ["metrics-server:system:auth-delegator", "system:auth-delegator", "kube-system", "metrics-server"],
];

/** What the cluster's own programs and the users of the practice cluster may do. */
export function accessRules(plan: Plan): BaseObjects {
  const clusterRole = (name: string, rules: readonly object[]): ApiObject => ({
    metadata: made(plan, "ClusterRole", { name }),
    rules,
  });
  const clusterBinding = (name: string, role: string, subject: object): ApiObject => ({
    metadata: made(plan, "ClusterRoleBinding", { name }),
    subjects: [subject],
    roleRef: roleRef("ClusterRole", role),
  });
  const restricted = "practice-restricted";
  const namespaces = [{ verbs: read, apiGroups: [""], resources: ["namespaces"] }];
  const pods = [{ verbs: read, apiGroups: [""], resources: ["pods"] }];
  const withoutPlaces = viewerRules.map(({ verbs, apiGroups, resources }) => ({
    verbs,
    apiGroups,
    resources,
  }));
  return {
    [`clusterroles.${rbac}`]: [
      ...readers.map(([, name, rules]) => clusterRole(name, rules)),
      clusterRole("practice-viewer", withoutPlaces),
      clusterRole(restricted, namespaces),
    ],
    [`clusterrolebindings.${rbac}`]: [
      ...readers.map(([namespace, name]) => clusterBinding(name, name, account(namespace, name))),
      ...addOns.map(([binding, role, namespace, name]) =>
        clusterBinding(binding, role, account(namespace, name)),
      ),
      clusterBinding("practice-viewer", "practice-viewer", user("viewer")),
      clusterBinding(restricted, restricted, user("restricted")),
    ],
    [`roles.${rbac}`]: restrictedNamespaces.map((namespace) => ({
      metadata: made(plan, "Role", { namespace, name: restricted }),
      rules: pods,
    })),
    [`rolebindings.${rbac}`]: restrictedNamespaces.map((namespace) => ({
      metadata: made(plan, "RoleBinding", { namespace, name: restricted }),
      subjects: [user("restricted")],
      roleRef: roleRef("Role", restricted),
    })),
  };
}

type Binding = { subjects?: { kind: string; name: string; namespace?: string }[] };

/** Every account that a workload runs as or that a binding speaks of. The default ones are made elsewhere. */
export function serviceAccounts(plan: Plan, bindings: readonly ApiObject[]): BaseObjects {
  const used = plan.workloads.map(({ namespace, template }) => ({
    namespace,
    name: template.spec.serviceAccountName ?? "default",
  }));
  const bound = (bindings as readonly Binding[]).flatMap(({ subjects = [] }) =>
    subjects.flatMap(({ kind, name, namespace }) =>
      kind === "ServiceAccount" && namespace !== undefined ? [{ namespace, name }] : [],
    ),
  );
  const all = new Map([...used, ...bound].map((one) => [`${one.namespace}/${one.name}`, one]));
  const named = [...all.values()].filter(({ name }) => name !== "default");
  return { serviceaccounts: named.map((place) => ({ metadata: made(plan, "ServiceAccount", place) })) };
}
