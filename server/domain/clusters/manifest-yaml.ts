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
  return head + documents.map((document) => document.toString({ lineWidth: 0 })).join("---\n");
}

const head = `# Lets Weekbook read what its checks need: it changes nothing and sees no secret.
# Once applied, get a token for it (clusters may shorten the duration):
#   ${createTokenCommand}
`;

type Rule = { group: string; verbs: string[]; resources: Map<string, AccessPermission[]> };

function clusterRole(permissions: readonly AccessPermission[]): Document {
  const rules = mergeRules(permissions);
  const document = new Document({
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name },
    rules: rules.map(({ group, verbs, resources }) => ({
      apiGroups: [group],
      resources: [...resources.keys()],
      verbs,
    })),
  });
  for (const [index, { resources }] of rules.entries()) {
    for (const [place, of] of [...resources.values()].entries()) {
      const node = document.getIn(["rules", index, "resources", place], true);
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
    const { group, resource } = first;
    const verbs = of.map(({ verb }) => verb).toSorted();
    const key = `${group}/${verbs}`;
    const rule = rules.get(key) ?? { group, verbs, resources: new Map() };
    rules.set(key, rule);
    rule.resources.set(resource, of);
  }
  return [...rules.values()];
}

function commentOn({ verb, requiredBy, optionalFor }: AccessPermission): string | undefined {
  if (requiredBy.length > 0) return undefined;
  if (optionalFor.length > 0) return `optional (${verb}): ${optionalFor.join(", ")}`;
  return "to name the namespaces that stay closed";
}
