import { z } from "zod";
import { removedApi } from "#common/kubernetes/removed-apis.ts";
import { defineCheck } from "../define-check.ts";
import { customPicture, kindsPicture } from "../needs/api-map.ts";
import { definitionFindings, pickDefinition } from "../needs/custom-definitions.ts";
import { deprecatedMetric, parseDeprecatedCalls, requestFindings } from "../needs/deprecated-calls.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { manifestFindings, type OldManifest, pickOldManifest } from "../needs/old-manifests.ts";
import { readServed } from "../needs/served-kinds.ts";

/** Kinds whose versions have changed since people began to keep manifests of them. */
const written = [
  "deployments",
  "statefulSets",
  "daemonSets",
  "cronJobs",
  "ingresses",
  "budgets",
  "scalers",
] as const;

/**
 * Subjects and codes:
 * - API, name: "<apiVersion> <kind>": manifest-api-removed, manifest-api-deprecated (warn; affected: the objects whose
 *   last-applied annotation or field manager says so); name: "<apiVersion> <resource>": deprecated-api-requested (warn),
 *   only where the server's metrics may be read.
 * - CustomResourceDefinition: definition-not-established, stored-version-unknown (fail), stored-version-old (warn).
 * - Cluster, part: the list: not-read (unknown).
 */
export const check = defineCheck({
  id: "kubernetes/api-resources",
  version: 1,
  title: {
    en: "Kinds, versions, and what still uses old ones",
    "zh-CN": "资源的种类与版本，以及谁还在用旧版本",
  },
  why: {
    en: "An upgrade takes API versions away. The live objects survive it, since the server converts them; the manifests in Git, Helm's records and programs with old clients do not, and that shows at the next deployment.",
    "zh-CN":
      "升级会移除旧的 API 版本。现有对象由服务器自动转换，不受影响；Git 里的清单、Helm 的记录和用旧客户端的程序却会失效，而且要到下次发布才暴露。",
  },
  remedy: {
    en: "Rewrite manifests to the version that is served, migrate stored custom objects, and update clients before the upgrade.",
    "zh-CN": "在升级之前，把清单改写为现有版本，迁移存储的自定义对象，更新客户端。",
  },
  params: z.object({}),
  needs: {
    discovery: kubernetes.discovery({}, readServed),
    definitions: optional(kubernetes.list(kinds.CustomResourceDefinition, pickDefinition)),
    requested: optional(
      kubernetes.raw({ path: "/metrics", keepLines: [deprecatedMetric] }, parseDeprecatedCalls),
    ),
    deployments: kubernetes.list(kinds.Deployment, pickOldManifest("Deployment")),
    statefulSets: kubernetes.list(kinds.StatefulSet, pickOldManifest("StatefulSet")),
    daemonSets: kubernetes.list(kinds.DaemonSet, pickOldManifest("DaemonSet")),
    cronJobs: optional(kubernetes.list(kinds.CronJob, pickOldManifest("CronJob"))),
    ingresses: optional(kubernetes.list(kinds.Ingress, pickOldManifest("Ingress"))),
    budgets: optional(
      kubernetes.list(
        [kinds.PodDisruptionBudget, kinds.PodDisruptionBudgetBeta],
        pickOldManifest("PodDisruptionBudget"),
      ),
    ),
    scalers: optional(
      kubernetes.list(kinds.HorizontalPodAutoscaler, pickOldManifest("HorizontalPodAutoscaler")),
    ),
  },
  judge: (facts) => {
    const { discovery, definitions, requested } = facts;
    const served = new Set(
      discovery.versions.map(({ group, version }) => (group === "" ? version : `${group}/${version}`)),
    );
    const old = written.flatMap((name): OldManifest[] => listed(facts[name]));
    const custom = customPicture(discovery.kinds);
    const isOld = ({ group, version, kind }: { group: string; version: string; kind: string }) =>
      removedApi(group === "" ? version : `${group}/${version}`, kind) !== undefined;
    return {
      findings: [
        ...manifestFindings(old, (apiVersion) => served.has(apiVersion)),
        ...definitionFindings(listed(definitions)),
        ...(isUnread(requested) ? [] : requestFindings(requested)),
        ...(["definitions", ...written] as const).flatMap((name) => notReadFinding(name, facts[name])),
      ],
      pictures: [kindsPicture(discovery.kinds, isOld), ...(custom ? [custom] : [])].filter(
        ({ nodes }) => nodes.length > 0,
      ),
      measurements: [
        { name: "kinds", value: discovery.kinds.length, unit: "{kinds}" },
        { name: "api-versions", value: discovery.versions.length, unit: "{versions}" },
        { name: "manifests-of-old-versions", value: old.length, unit: "{objects}", warn: { above: 0 } },
      ],
    };
  },
});

function listed<T>(list: T[] | Unread): T[] {
  return isUnread(list) ? [] : list;
}
