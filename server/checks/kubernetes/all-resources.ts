import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { inAll, inventoryPicture } from "../needs/inventory-picture.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { param } from "../needs/param.ts";
import { type Counted, countedKinds, isBuiltIn, qualified, readServed } from "../needs/served-kinds.ts";
import { pickApiService, silentFindings } from "../needs/silent-api.ts";

/**
 * Subjects and codes:
 * - APIService: api-not-answering (fail).
 * - Cluster: nothing-served (unknown).
 * - CustomResourceDefinition, or Resource for a built-in kind, by qualified name: too-many-objects (warn); never for
 *   events, which come and go.
 * Every listable kind is counted: from the server's metrics where they may be read, else by one small request each, up
 * to a number; what was not counted says why. Kinds in the category "all" are what `kubectl get all` shows.
 */
export const check = defineCheck({
  id: "kubernetes/all-resources",
  version: 2,
  title: { en: "Everything there is, and how much of it", "zh-CN": "集群里的全部资源及数量" },
  why: {
    en: '"kubectl get all" shows about ten kinds of a hundred: no Secret, no Ingress, no custom resource. Whoever deletes a namespace, moves a team or looks for what fills etcd has to know the rest.',
    "zh-CN":
      "kubectl get all 只显示一百来种资源中的十种左右：没有 Secret，没有 Ingress，也没有自定义资源。要删除命名空间、迁移团队，或查是什么撑满了 etcd，就必须知道其余的那些。",
  },
  remedy: {
    en: "List by the names that discovery gives; bring APIs back that do not answer, or remove their registration.",
    "zh-CN": "按 API 发现给出的名称逐一列出；让不应答的 API 恢复，或删除它的注册。",
  },
  params: z.object({
    maxKinds: param(z.number().int().min(0).max(300).default(150), {
      label: { en: "Kinds that may be counted one by one", "zh-CN": "最多逐个计数的资源种类" },
      help: {
        en: "One small request each; none where the server's metrics may be read.",
        "zh-CN": "每种一个小请求；允许读取服务器指标时不需要。",
      },
      unit: "kinds",
    }),
    warnObjects: param(z.number().int().min(1).max(10_000_000).default(100_000), {
      label: { en: "Warn of a kind with more objects than", "zh-CN": "单一种类对象数超过多少时警告" },
    }),
  }),
  needs: ({ maxKinds }) => ({
    discovery: kubernetes.discovery({}, readServed),
    counts: optional(kubernetes.counts({ maxKinds })),
    apiServices: optional(kubernetes.list(kinds.APIService, pickApiService)),
  }),
  judge: ({ discovery, counts, apiServices }, { warnObjects }) => {
    if (discovery.kinds.length === 0) return { findings: [nothingServed] };
    const listable = countedKinds(discovery.kinds, isUnread(counts) ? [] : counts);
    const left = listable.filter((kind) => !inAll(kind));
    const objects = (list: Counted[]) => list.reduce((sum, { count }) => sum + (count ?? 0), 0);
    return {
      findings: [
        ...silentFindings(discovery.versions, apiServices),
        ...notReadFinding("counts", counts),
        ...listable
          .filter(({ count, resource }) => (count ?? 0) > warnObjects && resource !== "events")
          .map((kind) => tooMany(kind, warnObjects)),
      ],
      pictures: listable.length > 0 ? [inventoryPicture(listable)] : [],
      measurements: [
        { name: "kinds", value: listable.length, unit: "{kinds}" },
        { name: "kinds-left-out-by-get-all", value: left.length, unit: "{kinds}" },
        { name: "objects-left-out-by-get-all", value: objects(left), unit: "{objects}" },
        ...listable.slice(0, 40).flatMap((kind) =>
          kind.count === null
            ? []
            : [
                {
                  name: "objects",
                  subject: qualified(kind),
                  value: kind.count,
                  unit: "{objects}",
                  warn: { above: warnObjects },
                },
              ],
        ),
      ],
    };
  },
});

/** A server always serves something: an empty answer is no answer. */
const nothingServed: Finding = {
  verdict: "unknown",
  code: "nothing-served",
  subject: { kind: "Cluster", name: "cluster" },
  message: {
    en: "The API server names not one kind that it serves.",
    "zh-CN": "API 服务器没有列出任何资源种类。",
  },
};

function tooMany(kind: Counted, warnObjects: number): Finding {
  const name = qualified(kind);
  return {
    verdict: "warn",
    code: "too-many-objects",
    subject: { kind: isBuiltIn(kind.group) ? "Resource" : "CustomResourceDefinition", name },
    message: {
      en: `There are ${kind.count} ${name}: every list and every watch of them weighs on the API server and etcd, and most likely nobody clears them away.`,
      "zh-CN": `有 ${kind.count} 个 ${name}：每次 list 和 watch 都压在 API 服务器和 etcd 上，而且多半没有人清理。`,
    },
    observed: `${kind.count}`,
    expected: { en: `at most ${warnObjects}`, "zh-CN": `不超过 ${warnObjects} 个` },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See in which namespaces they are.", "zh-CN": "看看它们集中在哪些命名空间。" },
        command: kind.namespaced
          ? `${shellCommand("kubectl", "get", name, "--all-namespaces", "--chunk-size", "500", "--no-headers")} | awk '{print $1}' | sort | uniq -c | sort -nr | head`
          : `${shellCommand("kubectl", "get", name, "--chunk-size", "500", "--no-headers", "--sort-by", ".metadata.creationTimestamp")} | head`,
      },
      {
        purpose: "fix",
        text: {
          en: "Find who makes them and have that controller keep fewer: a history limit, a time to live, an owner that takes them along.",
          "zh-CN": "找出是谁在创建，让它少留一些：历史数量上限、存活时间，或设置属主以便级联删除。",
        },
      },
    ],
  };
}
