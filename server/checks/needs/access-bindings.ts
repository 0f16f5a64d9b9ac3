import type { ClusterRoleBinding, RoleBinding } from "kubernetes-types/rbac/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { compare } from "./owners.ts";

/** Bindings that give much, or give to everybody. Those that a cluster makes itself are kept out where they are read. */

export type Binding = {
  namespace?: string;
  name: string;
  role: string;
  roleKind: string;
  subjects: { kind: string; namespace?: string; name: string }[];
};

const anonymousUser = "system:anonymous";
const everybody: Record<string, "anonymous" | "authenticated"> = {
  [anonymousUser]: "anonymous",
  "system:unauthenticated": "anonymous",
  "system:authenticated": "authenticated",
  "system:serviceaccounts": "authenticated",
};
/** What servers and installers give to all: discovery, versions, health, the way in for new nodes. */
const meantForAll = [
  "system:basic-user",
  "system:discovery",
  "system:public-info-viewer",
  "system:openshift:public-info-viewer",
  "system:service-account-issuer-discovery",
  "kubeadm:bootstrap-signer-clusterinfo",
];
/** The groups whose members are masters by definition. */
const masters = ["system:masters", "kubeadm:cluster-admins"];
const all = "cluster-admin";

export function pickBinding({
  metadata,
  roleRef,
  subjects,
}: ClusterRoleBinding | RoleBinding): Binding | undefined {
  const wide = (subjects ?? []).some(({ name }) => everybody[name] !== undefined);
  const wholeCluster = metadata?.namespace === undefined && roleRef.name === all;
  if ((!wide && !wholeCluster) || meantForAll.includes(roleRef.name)) return undefined;
  return {
    ...(metadata?.namespace && { namespace: metadata.namespace }),
    name: metadata?.name ?? "",
    role: roleRef.name,
    roleKind: roleRef.kind,
    subjects: (subjects ?? []).slice(0, 20).map(({ kind, namespace, name }) => ({
      kind,
      ...(namespace && { namespace }),
      name,
    })),
  };
}

export function bindingFindings(bindings: readonly Binding[]): Finding[] {
  const place = ({ namespace = "", name }: Binding) => `${namespace}/${name}`;
  return bindings.toSorted((a, b) => compare(place(a), place(b))).flatMap(judge);
}

function judge(binding: Binding): Finding[] {
  const { namespace, name, role, subjects } = binding;
  const subject: Subject = namespace
    ? { kind: "RoleBinding", namespace, name }
    : { kind: "ClusterRoleBinding", name };
  const wide = subjects.flatMap((one) => everybody[one.name] ?? []);
  const who = subjects.map((one) => (one.namespace ? `${one.namespace}/${one.name}` : one.name)).join(", ");
  const common = {
    subject,
    observed: {
      en: `${binding.roleKind} ${role} to ${who}`,
      "zh-CN": `${binding.roleKind} ${role} 授予 ${who}`,
    },
    remedy: narrow(binding),
  };
  const where = namespace
    ? { en: `in namespace ${namespace}`, "zh-CN": `在命名空间 ${namespace} 中` }
    : { en: "in the whole cluster", "zh-CN": "在整个集群中" };
  if (wide.includes("anonymous"))
    return [
      {
        ...common,
        verdict: "fail",
        code: "anonymous-binding",
        message: {
          en: `${subject.kind} ${name} gives the role ${role} ${where.en} to requests without any credential.`,
          "zh-CN": `${subject.kind} ${name} 把角色 ${role} ${where["zh-CN"]}授予了没有任何凭据的请求。`,
        },
        expected: { en: "system:public-info-viewer at most", "zh-CN": "最多 system:public-info-viewer" },
      },
    ];
  if (wide.includes("authenticated"))
    return [
      {
        ...common,
        verdict: role === all ? "fail" : "warn",
        code: "everybody-binding",
        message: {
          en: `${subject.kind} ${name} gives the role ${role} ${where.en} to everybody who can sign in, every pod's ServiceAccount included.`,
          "zh-CN": `${subject.kind} ${name} 把角色 ${role} ${where["zh-CN"]}授予了所有能登录的身份，包括每个 Pod 的 ServiceAccount。`,
        },
        expected: {
          en: "named users, groups or ServiceAccounts",
          "zh-CN": "指名的用户、组或 ServiceAccount",
        },
      },
    ];
  if (subjects.length === 0 || subjects.every((one) => masters.includes(one.name))) return [];
  return [
    {
      ...common,
      verdict: "warn",
      code: "cluster-admin-binding",
      message: {
        en: `ClusterRoleBinding ${name} makes ${who} administrator of the whole cluster.`,
        "zh-CN": `ClusterRoleBinding ${name} 让 ${who} 成为整个集群的管理员。`,
      },
      expected: {
        en: "a role with what is needed, in the namespaces where it is needed",
        "zh-CN": "只含所需权限的角色，只绑在需要它的命名空间",
      },
    },
  ];
}

function narrow({ namespace, name }: Binding): RemedyStep[] {
  const what = namespace ? ["rolebinding", name, "--namespace", namespace] : ["clusterrolebinding", name];
  return [
    {
      purpose: "inspect",
      text: {
        en: "Keep a copy, and find out who relies on it: the audit log tells which requests it allowed.",
        "zh-CN": "先留一份备份，再弄清谁在依赖它：审计日志会写明哪些请求是靠它放行的。",
      },
      command: shellCommand("kubectl", "get", ...what, "--output", "yaml"),
    },
    {
      purpose: "fix",
      text: {
        en: "Bind a narrower role to those who need it, then take this binding away.",
        "zh-CN": "为真正需要的身份绑定更小的角色，然后删除这个绑定。",
      },
      command: shellCommand("kubectl", "delete", ...what),
    },
  ];
}
