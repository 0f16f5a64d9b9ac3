import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { param } from "../needs/param.ts";
import { pickEntryNode, pickEntryPod } from "../needs/pod-entry.ts";
import { mismatches, noSuchPod, waysIn } from "../needs/pod-entry-findings.ts";

const podName = /^([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?)?$/;
const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Of a pod that is named, its containers (subject: the Pod, part: the container): way-in (pass): node, runtime and id,
 * with the command; node-silent, not-running, unknown-runtime (warn); no-such-pod (fail).
 * Of the whole cluster where none is named (subject: the Node, part: the runtime of the ids): runtime-mismatch (warn):
 * running containers carry ids of another runtime than their node names; affected: their pods. not-read (unknown): no
 * node was read.
 */
export const check = defineCheck({
  id: "kubernetes/enter-a-pod-namespace",
  version: 2,
  title: { en: "The way into a pod's namespaces", "zh-CN": "进入 Pod 的命名空间" },
  why: {
    en: "To look at a pod with the node's own tools one needs its node, its runtime and a container's id. After a change of runtime the three may not belong together, and the usual command finds nothing.",
    "zh-CN":
      "想用节点上的工具查看 Pod，需要知道它的节点、运行时和容器 ID。更换运行时之后，这三样可能对不上，照常执行的命令什么也找不到。",
  },
  remedy: {
    en: "Name a pod to get the command for its runtime; drain nodes whose containers belong to a runtime they no longer have.",
    "zh-CN": "指定一个 Pod，就能得到对应运行时的命令；容器还属于旧运行时的节点，应当排空。",
  },
  params: z.object({
    namespace: param(z.string().regex(namespaceName).default("default"), {
      label: { en: "Namespace", "zh-CN": "命名空间" },
    }),
    pod: param(z.string().regex(podName).default(""), {
      label: { en: "Pod", "zh-CN": "Pod 名称" },
      help: {
        en: "Empty: compare the runtimes of all nodes with the ids of what runs there.",
        "zh-CN": "留空表示对比所有节点的运行时与其上容器的 ID（整个集群）。",
      },
    }),
  }),
  needs: ({ namespace, pod }) => ({
    pods: kubernetes.list(
      kinds.Pod,
      pickEntryPod(pod !== ""),
      pod === "" ? {} : { fieldSelector: `metadata.namespace=${namespace},metadata.name=${pod}` },
    ),
    nodes: optional(kubernetes.list(kinds.Node, pickEntryNode)),
  }),
  judge: ({ pods, nodes }, { namespace, pod }) => {
    const known = isUnread(nodes) ? [] : nodes;
    if (pod === "") {
      const runtimes = [...new Set(pods.flatMap(({ schemes }) => schemes))]
        .filter((one) => one !== "")
        .sort();
      return {
        findings: [...mismatches(pods, known), ...notReadFinding("nodes", nodes)],
        measurements: runtimes.map((runtime) => ({
          name: "pods-by-runtime",
          subject: runtime,
          value: pods.filter(({ schemes }) => schemes.includes(runtime)).length,
          unit: "{pods}",
        })),
      };
    }
    const found = pods.find((one) => one.namespace === namespace && one.name === pod);
    return { findings: found ? waysIn(found, known) : [noSuchPod(namespace, pod)] };
  },
});
