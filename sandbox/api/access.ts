import { groupOrder, resources } from "../cluster/resources.ts";
import { issuerPaths } from "./openid.ts";
import { forbidden } from "./status.ts";

export type User = { username: string; groups: string[]; credentialId?: string };

export type Attributes = {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
};

export type Permission = { verb: string; group: string; resource: string; namespace?: string };

export type Rule = {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  /** undefined: in the whole cluster */
  namespaces?: string[];
};

/** What `grantOnly` gives: rules, and paths that are no resource. */
export type Grant = { rules: Rule[]; paths: string[] };

type Binding = { role: string; rule: Rule };

const read = ["get", "list", "watch"];
/** Everything that can be read but secrets, as the cluster's own role "practice-viewer" says. */
export const viewerRules: Rule[] = [
  ...["", ...groupOrder].flatMap((group): Rule[] => {
    const names = resources
      .filter((one) => one.group === group && one.verbs.includes("list") && one.name !== "secrets")
      .map(({ name }) => name);
    const verbs = group === "metrics.k8s.io" ? ["get", "list"] : read;
    return names.length === 0 ? [] : [{ verbs, apiGroups: [group], resources: names }];
  }),
  { verbs: ["get"], apiGroups: [""], resources: ["pods/log"] },
];

/** Where the user `restricted` may list pods. */
export const restrictedNamespaces = ["checkout", "payments"];

const rulesOf: Record<string, Rule[]> = {
  viewer: viewerRules,
  restricted: [
    { verbs: read, apiGroups: [""], resources: ["namespaces"] },
    { verbs: read, apiGroups: [""], resources: ["pods"], namespaces: restrictedNamespaces },
  ],
};

/** Given to everybody who is known, as `system:basic-user` does. */
export const basicRules: Rule[] = [
  {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  },
  { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
];

const publicPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const discoveryPaths = /^\/(api|apis|openapi)(\/|$)/;

/** Who may do what: RBAC over fixed roles, minus what was taken away while running. */
export class Access {
  readonly #revoked = new Map<string, Permission[]>();
  readonly #granted = new Map<string, Grant>();

  revoke(username: string, permission: Permission): void {
    this.#revoked.set(username, [...(this.#revoked.get(username) ?? []), permission]);
  }

  /** These rights and no others, until they are given back. */
  grantOnly(username: string, grant: Grant): void {
    this.#granted.set(username, grant);
  }

  grantAgain(username: string): void {
    this.#granted.delete(username);
    this.#revoked.delete(username);
  }

  rules(user: User): Rule[] {
    if (isMaster(user)) return [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
    return this.#granted.get(user.username)?.rules ?? rulesOf[user.username] ?? [];
  }

  /** The binding that allows it; undefined: denied. */
  find(user: User, wanted: Attributes): Binding | "master" | undefined {
    if (this.#isRevoked(user, wanted)) return undefined;
    if (isMaster(user)) return "master";
    const resource = wanted.subresource ? `${wanted.resource}/${wanted.subresource}` : wanted.resource;
    const known = user.groups.includes("system:authenticated") ? [...basicRules, ...this.rules(user)] : [];
    const rule = known.find(
      ({ verbs, apiGroups, resources, namespaces }) =>
        verbs.includes(wanted.verb) &&
        apiGroups.includes(wanted.group) &&
        resources.includes(resource) &&
        (namespaces === undefined ||
          (wanted.namespace !== undefined && namespaces.includes(wanted.namespace))),
    );
    return (
      rule && { role: basicRules.includes(rule) ? "system:basic-user" : `practice-${user.username}`, rule }
    );
  }

  #isRevoked(user: User, wanted: Attributes): boolean {
    return (this.#revoked.get(user.username) ?? []).some(
      ({ verb, group, resource, namespace }) =>
        [wanted.verb, "*"].includes(verb) &&
        [wanted.group, "*"].includes(group) &&
        [wanted.subresource ? `${wanted.resource}/${wanted.subresource}` : wanted.resource, "*"].includes(
          resource,
        ) &&
        // without the right in one namespace, the right in all of them is gone too
        (namespace === undefined || wanted.namespace === undefined || namespace === wanted.namespace),
    );
  }

  check(user: User, wanted: Attributes): void {
    if (!this.find(user, wanted)) throw denial(user, wanted);
  }

  mayGetPath(user: User, path: string): boolean {
    if (this.#isRevoked(user, { verb: "get", group: "", resource: path })) return false;
    if (isMaster(user) || this.#granted.get(user.username)?.paths.includes(path)) return true;
    if (publicPaths.includes(path) || /^\/(livez|readyz|healthz)\//.test(path)) return true;
    const isOpen = discoveryPaths.test(path) || issuerPaths.includes(path);
    return user.groups.includes("system:authenticated") && isOpen;
  }

  checkPath(user: User, verb: string, path: string): void {
    if (this.mayGetPath(user, path)) return;
    throw forbidden(`forbidden: User "${user.username}" cannot ${verb} path "${path}"`, {});
  }
}

export function isMaster(user: User): boolean {
  return user.groups.includes("system:masters");
}

function denial(user: User, { verb, group, resource, subresource, namespace, name }: Attributes) {
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const full = subresource ? `${resource}/${subresource}` : resource;
  const scope = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const subject = name === undefined ? qualified : `${qualified} "${name}"`;
  const message = `${subject} is forbidden: User "${user.username}" cannot ${verb} resource "${full}" in API group "${group}" ${scope}`;
  return forbidden(message, { ...(name && { name }), ...(group && { group }), kind: resource });
}
