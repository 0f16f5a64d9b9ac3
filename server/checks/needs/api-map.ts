import type { GraphPicture, PictureNode } from "#common/picture.ts";
import type { Text } from "#common/text.ts";
import { isBuiltIn, qualified, type ServedKind } from "./served-kinds.ts";

/** Kinds with their scope, verbs and short names: Kubernetes' own by what they are for, custom ones by their group. */

const areas: { name: Text; has: (kind: ServedKind) => boolean }[] = [
  {
    name: { en: "Workloads", "zh-CN": "工作负载" },
    has: ({ group, resource }) =>
      ["apps", "batch", "autoscaling", "policy"].includes(group) ||
      (group === "" && ["pods", "podtemplates", "replicationcontrollers"].includes(resource)),
  },
  {
    name: { en: "Network", "zh-CN": "网络" },
    has: ({ group, resource }) =>
      ["networking.k8s.io", "discovery.k8s.io"].includes(group) ||
      (group === "" && ["services", "endpoints"].includes(resource)),
  },
  {
    name: { en: "Configuration and storage", "zh-CN": "配置与存储" },
    has: ({ group, resource }) =>
      group === "storage.k8s.io" || (group === "" && /^(configmaps|secrets|persistentvolume)/.test(resource)),
  },
  {
    name: { en: "Access and admission", "zh-CN": "访问与准入" },
    has: ({ group, resource }) =>
      /^(rbac\.authorization|certificates|admissionregistration|authentication|authorization)\.k8s\.io$/.test(
        group,
      ) ||
      (group === "" && ["serviceaccounts", "resourcequotas", "limitranges"].includes(resource)),
  },
  { name: { en: "The cluster itself", "zh-CN": "集群自身" }, has: () => true },
];
const mostBoxes = 78;

export function kindsPicture(
  kinds: readonly ServedKind[],
  isOld: (kind: ServedKind) => boolean,
): GraphPicture {
  const own = kinds.filter(({ group, listable }) => isBuiltIn(group) && listable);
  const nodes = own.slice(0, mostBoxes).map((kind) => ({
    ...box(kind, isOld(kind)),
    column: Math.max(
      0,
      areas.findIndex(({ has }) => has(kind)),
    ),
  }));
  const namespaced = own.filter((kind) => kind.namespaced).length;
  return {
    id: "kinds",
    title: { en: "Kinds of Kubernetes itself", "zh-CN": "Kubernetes 自带的资源" },
    summary: {
      en: `${own.length} kinds that can be listed, ${namespaced} of them in namespaces.`,
      "zh-CN": `可列出的资源 ${own.length} 种，其中 ${namespaced} 种属于命名空间。`,
    },
    columns: areas.map(({ name }) => name),
    nodes,
    edges: [],
  };
}

export function customPicture(kinds: readonly ServedKind[]): GraphPicture | undefined {
  const custom = kinds.filter(({ group, listable }) => !isBuiltIn(group) && listable).slice(0, 52);
  const groups = [...new Set(custom.map(({ group }) => group))].slice(0, 26);
  if (groups.length === 0) return undefined;
  const shown = custom.filter(({ group }) => groups.includes(group));
  return {
    id: "custom-kinds",
    title: { en: "Custom and aggregated kinds", "zh-CN": "自定义与聚合的资源" },
    summary: {
      en: `${groups.length} groups with ${shown.length} kinds beside Kubernetes' own.`,
      "zh-CN": `除自带资源外，另有 ${groups.length} 个组、${shown.length} 种资源。`,
    },
    columns: [
      { en: "Group", "zh-CN": "组" },
      { en: "Kind", "zh-CN": "资源" },
    ],
    nodes: [
      ...groups.map((group) => ({ id: `group ${group}`, column: 0, label: group.slice(0, 120) })),
      ...shown.map((kind) => ({ ...box(kind, false), column: 1 })),
    ],
    edges: shown.map((kind) => ({ from: `group ${kind.group}`, to: qualified(kind) })),
  };
}

function box(kind: ServedKind, old: boolean): Omit<PictureNode, "column"> {
  const { resource, shortNames, group, version, namespaced, verbs } = kind;
  const names = shortNames.length > 0 ? `${resource} (${shortNames.join(", ")})` : resource;
  const api = group === "" ? version : `${group}/${version}`;
  return {
    id: qualified(kind).slice(0, 200),
    label: names.slice(0, 120),
    detail: {
      en: `${api}, ${namespaced ? "namespaced" : "cluster-wide"}, ${verbs} verbs`,
      "zh-CN": `${api}，${namespaced ? "命名空间级" : "集群级"}，${verbs} 个动词`,
    },
    ...(old && { verdict: "warn" as const }),
  };
}
