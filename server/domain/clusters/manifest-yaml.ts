import { Document, isNode } from "yaml";
import type { AccessPermission } from "#common/contracts/cluster.ts";
import { createTokenCommand, reader } from "./access-commands.ts";

const rbac = "rbac.authorization.k8s.io";
const { name, namespace } = reader;

/** Namespace, ServiceAccount, role and binding, for `kubectl apply`. No Secret: tokens are asked for and expire. */
export function manifestYaml(permissions: readonly AccessPermission[]): string {
  const documents = [
    new Document({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }),
    new Document({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      automountServiceAccountToken: false,
    }),
    clusterRole(permissions),
    new Document({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }),
  ];
  return head(permissions) + documents.map((document) => document.toString({ lineWidth: 0 })).join("---\n");
}

function head(permissions: readonly AccessPermission[]): string {
  const more = permissions.filter(({ privileged }) => privileged);
  const words = (of: AccessPermission[]) => of.map(({ verb, resource }) => `${verb} ${resource}`).join(", ");
  const [granted, left] = [more.filter(isRequired), more.filter((one) => !isRequired(one))];
  const first = granted.length === 0 ? "it changes nothing and sees no secret" : "and more than reading";
  return [
    `# Lets Weekbook read what its checks need: ${first}.`,
    ...(granted.length > 0 ? [`# More than reading: ${words(granted)}.`] : []),
    ...(left.length > 0 ? [`# Left out, as it is more than reading: ${words(left)}.`] : []),
    "# Once applied, get a token for it (clusters may shorten the duration):",
    `#   ${createTokenCommand}`,
    "",
  ].join("\n");
}

function isRequired({ requiredBy }: AccessPermission): boolean {
  return requiredBy.length > 0;
}

/** Stands for the group of what is no resource. */
const paths = "/";
type Rule = { group: string; verbs: string[]; resources: Map<string, AccessPermission[]> };

/** What lets a credential do more than read is granted only where a check cannot do without. */
function clusterRole(permissions: readonly AccessPermission[]): Document {
  const granted = permissions.filter((one) => !one.privileged || isRequired(one));
  const rules = mergeRules(granted);
  const document = new Document({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name },
    rules: rules.map(({ group, verbs, resources }) =>
      group === paths
        ? { nonResourceURLs: [...resources.keys()], verbs }
        : { apiGroups: [group], resources: [...resources.keys()], verbs },
    ),
  });
  for (const [index, { group, resources }] of rules.entries()) {
    for (const [place, of] of [...resources.values()].entries()) {
      const key = group === paths ? "nonResourceURLs" : "resources";
      const node = document.getIn(["rules", index, key, place], true);
      const comment = of.map(commentOn).filter((line) => line !== undefined);
      if (isNode(node) && comment.length > 0)
        node.commentBefore = comment.map((line) => ` ${line}`).join("\n");
    }
  }
  return document;
}

/** One rule for all resources of a group that are read with the same verbs. */
function mergeRules(permissions: readonly AccessPermission[]): Rule[] {
  const byResource = Map.groupBy(permissions, ({ group, resource }) => `${group}/${resource}`);
  const rules = new Map<string, Rule>();
  for (const of of byResource.values()) {
    const [first] = of;
    if (!first) continue;
    const { resource } = first;
    const group = resource.startsWith("/") ? paths : first.group;
    const verbs = of.map(({ verb }) => verb).toSorted();
    const key = `${group}/${verbs}`;
    const rule = rules.get(key) ?? { group, verbs, resources: new Map() };
    rules.set(key, rule);
    rule.resources.set(resource, of);
  }
  return [...rules.values()];
}

function commentOn(permission: AccessPermission): string | undefined {
  const { verb, privileged, requiredBy, optionalFor } = permission;
  if (privileged) return `more than reading (${verb}): ${requiredBy.join(", ")}`;
  if (requiredBy.length > 0) return undefined;
  if (optionalFor.length > 0) return `optional (${verb}): ${optionalFor.join(", ")}`;
  return "to name the namespaces that stay closed";
}
