import { time } from "../objects/time.ts";
import { type Attributes, basicRules, isMaster, type Permission, type Rule } from "./access.ts";
import { parseObject, readBody, requireJson } from "./body.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { badRequest, invalid } from "./status.ts";

export async function review(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  requireJson(call.request);
  const body = parseObject(await readBody(call.request), call.resource.kind);
  const spec: Record<string, unknown> = typeof body.spec === "object" && body.spec ? { ...body.spec } : {};
  if (call.resource.kind === "SelfSubjectReview") return whoAmI(call);
  return call.resource.kind === "SelfSubjectAccessReview"
    ? mayI(cluster, call, spec)
    : whatMayI(cluster, call, spec);
}

function whoAmI({ user }: ResourceCall): Answer {
  return {
    status: 201,
    object: {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { creationTimestamp: time(Date.now()) },
      status: {
        userInfo: {
          username: user.username,
          groups: user.groups,
          ...(user.credentialId && {
            extra: { "authentication.kubernetes.io/credential-id": [user.credentialId] },
          }),
        },
      },
    },
  };
}

function mayI(cluster: Cluster, { user }: ResourceCall, spec: Record<string, unknown>): Answer {
  const resource = spec.resourceAttributes as Partial<Attributes> | undefined;
  const path = spec.nonResourceAttributes as { path?: string; verb?: string } | undefined;
  if ((resource === undefined) === (path === undefined)) {
    const message =
      'Invalid value: "null": exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid(
      { group: "authorization.k8s.io" },
      { reason: "FieldValueInvalid", message, field: "spec.resourceAttributes" },
    );
  }
  const status = resource
    ? resourceStatus(cluster, user, resource)
    : {
        allowed:
          cluster.access.mayGetPath(user, path?.path ?? "") && (isMaster(user) || path?.verb === "get"),
      };
  return { status: 201, object: reviewObject("SelfSubjectAccessReview", withoutEmpty(spec), status) };
}

function resourceStatus(cluster: Cluster, user: ResourceCall["user"], asked: Partial<Attributes>) {
  const found = cluster.access.find(user, {
    ...asked,
    verb: asked.verb ?? "",
    group: asked.group ?? "",
    resource: asked.resource ?? "",
    namespace: asked.namespace === "" ? undefined : asked.namespace,
  });
  if (!found) return { allowed: false };
  if (found === "master") return { allowed: true };
  const { namespaces } = found.rule;
  const binding =
    namespaces === undefined
      ? `ClusterRoleBinding "${found.role}" of ClusterRole "${found.role}"`
      : `RoleBinding "${found.role}/${asked.namespace}" of Role "${found.role}"`;
  const basic =
    found.role === "system:basic-user" ? 'Group "system:authenticated"' : `User "${user.username}"`;
  return { allowed: true, reason: `RBAC: allowed by ${binding} to ${basic}` };
}

/** The server answers with its own reading of the question: empty fields are gone. */
function withoutEmpty(spec: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(spec, (_, value) => (value === "" ? undefined : value)));
}

function whatMayI(cluster: Cluster, { user }: ResourceCall, spec: Record<string, unknown>): Answer {
  const { namespace } = spec;
  if (typeof namespace !== "string" || namespace === "") throw badRequest("no namespace on request");
  const rules = [...basicRules, ...cluster.access.rules(user)]
    .filter(({ namespaces }) => namespaces === undefined || namespaces.includes(namespace))
    .flatMap((rule) =>
      withoutRevoked(rule, (permission) => !!cluster.access.find(user, { ...permission, namespace })),
    );
  const basicPaths = [
    { verbs: ["get"], nonResourceURLs: ["/healthz", "/livez", "/readyz", "/version", "/version/"] },
    {
      verbs: ["get"],
      nonResourceURLs: ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"],
    },
  ];
  const nonResourceRules = isMaster(user)
    ? [{ verbs: ["*"], nonResourceURLs: ["*"] }, ...basicPaths]
    : basicPaths;
  return {
    status: 201,
    object: reviewObject(
      "SelfSubjectRulesReview",
      {},
      { resourceRules: rules, nonResourceRules, incomplete: false },
    ),
  };
}

type ResourceRule = { verbs: string[]; apiGroups: string[]; resources: string[] };

/** The rule as it is after something was taken away from it: split by resource where that is needed. */
function withoutRevoked(rule: Rule, allows: (permission: Permission) => boolean): ResourceRule[] {
  const { apiGroups, resources, verbs } = rule;
  if (verbs.includes("*")) return [{ verbs, apiGroups, resources }];
  const byVerbs = new Map<string, string[]>();
  for (const resource of resources) {
    const left = verbs.filter((verb) => apiGroups.every((group) => allows({ verb, group, resource })));
    if (left.length > 0) byVerbs.set(left.join(), [...(byVerbs.get(left.join()) ?? []), resource]);
  }
  return [...byVerbs].map(([left, of]) => ({ verbs: left.split(","), apiGroups, resources: of }));
}

function reviewObject(kind: string, spec: Record<string, unknown>, status: Record<string, unknown>) {
  return { kind, apiVersion: "authorization.k8s.io/v1", metadata: { creationTimestamp: null }, spec, status };
}
