import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";

const clusterBindings = "clusterrolebindings.rbac.authorization.k8s.io";
const bindings = "rolebindings.rbac.authorization.k8s.io";
const group = "rbac.authorization.k8s.io";

type Who =
  | { kind: "Group" | "User"; name: string }
  | { kind: "ServiceAccount"; namespace: string; name: string };

function binding(name: string, role: string, subject: Who, namespace?: string): ApiObject {
  const apiGroup = subject.kind === "ServiceAccount" ? {} : { apiGroup: group };
  return {
    metadata: { name, ...(namespace && { namespace }) },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
    subjects: [{ ...subject, ...apiGroup }],
  };
}

/** As every ServiceAccount was before 1.24: with a Secret that holds its token. */
const account = { namespace: "payments", name: "ledger-export" };
const secret = `${account.name}-token-4tq7z`;
const withToken = { metadata: { ...account }, secrets: [{ name: secret }] };
const token: ApiObject = {
  metadata: {
    namespace: account.namespace,
    name: secret,
    annotations: { "kubernetes.io/service-account.name": account.name },
  },
  type: "kubernetes.io/service-account-token",
  data: {},
};

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/authentication-methods", code, verdict, subject };
}

export const fault: Fault = {
  id: "authentication-methods",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map<string, ApiObject[]>([
        [
          clusterBindings,
          [
            binding("open-catalogue", "view", { kind: "Group", name: "system:unauthenticated" }),
            binding("deploy-robot", "cluster-admin", {
              ...{ kind: "ServiceAccount", namespace: "checkout", name: "default" },
            }),
            binding("on-call", "view", { kind: "Group", name: "on-call" }),
          ],
        ],
        [
          bindings,
          [
            binding("everybody-edits", "edit", { kind: "Group", name: "system:authenticated" }, "search"),
            binding("search-team", "admin", { kind: "Group", name: "search-team" }, "search"),
          ],
        ],
        ["serviceaccounts", [withToken]],
        ["secrets", [token]],
      ]),
    expected: [
      expected("anonymous-binding", "fail", { kind: "ClusterRoleBinding", name: "open-catalogue" }),
      expected("cluster-admin-binding", "warn", { kind: "ClusterRoleBinding", name: "deploy-robot" }),
      expected("everybody-binding", "warn", {
        ...{ kind: "RoleBinding", namespace: "search", name: "everybody-edits" },
      }),
      expected("lasting-token", "warn", { kind: "Namespace", name: "payments" }),
    ],
    decoys: [
      {
        subject: { kind: "ClusterRoleBinding", name: "on-call" },
        why: "a group of people that may look",
      },
      {
        subject: { kind: "RoleBinding", namespace: "search", name: "search-team" },
        why: "a team that administers its own namespace",
      },
    ],
  }),
  mend(controllers) {
    controllers.remove(clusterBindings, "open-catalogue");
    controllers.remove(clusterBindings, "deploy-robot");
    controllers.remove(bindings, "search/everybody-edits");
    controllers.remove("secrets", `${account.namespace}/${secret}`);
    controllers.put("serviceaccounts", { metadata: { ...account } });
  },
};
