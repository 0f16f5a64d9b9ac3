import { type Cause, hears, nodePressure, when } from "./scene.ts";

/** Why the kubelet ended or refused a pod; these outrank what its containers' codes say. */
export const removedCauses: Cause[] = [
  {
    code: "rejected-by-kubelet",
    name: {
      en: "the kubelet refused it: it was bound to a node that could not take it",
      "zh-CN": "被 kubelet 拒绝：它被绑定到了一个放不下它的节点",
    },
    step: {
      en: "A pod that names its node itself goes past the scheduler; let the scheduler place it. Delete the refused one.",
      "zh-CN": "自己写死 nodeName 的 Pod 会绕过调度器；改由调度器放置，并删除被拒绝的 Pod。",
    },
    weigh: ({ pod }) => [
      ...when(pod.message?.startsWith("Pod was rejected") === true, 6, {
        en: `the kubelet says: ${pod.message}`,
        "zh-CN": `kubelet 说：${pod.message}`,
      }),
      ...when(/^(OutOf|NodeAffinity|NodePorts|Unexpected|Admission|Topology)/.test(pod.reason ?? ""), 6, {
        en: `the pod's reason is ${pod.reason}`,
        "zh-CN": `Pod 的原因字段是 ${pod.reason}`,
      }),
      ...when(pod.reason !== undefined && pod.containers.length === 0, 1, {
        en: "no container was ever made",
        "zh-CN": "从未创建过容器",
      }),
    ],
  },
  {
    code: "evicted-own-storage",
    name: {
      en: "it wrote more to the node's disk than its own limit allows, and was evicted",
      "zh-CN": "它写入节点磁盘的数据超过了自己的上限，被驱逐",
    },
    step: {
      en: "Raise the ephemeral-storage limit or the emptyDir's sizeLimit, or move the data to a volume; the disk of the node is not at fault.",
      "zh-CN": "调大 ephemeral-storage 或 emptyDir 的 sizeLimit，或把数据放到卷上；不是节点磁盘的问题。",
    },
    weigh: ({ pod }) =>
      /exceeds the (total )?limit|exceeds the limit/.test(pod.message ?? "") && pod.reason === "Evicted"
        ? [
            {
              points: 9,
              words: { en: `the kubelet says: ${pod.message}`, "zh-CN": `kubelet 说：${pod.message}` },
            },
            ...when(pod.disruption === undefined, 1, {
              en: "no condition DisruptionTarget, which node pressure would set",
              "zh-CN": "没有 DisruptionTarget 条件，而节点压力驱逐会写上它",
            }),
          ]
        : [],
  },
  {
    code: "evicted-node-pressure",
    name: { en: "its node ran low on something and evicted it", "zh-CN": "节点资源紧张，把它驱逐了" },
    step: {
      en: "See what the node ran low on; a pod that uses more than it requested goes first.",
      "zh-CN": "看节点缺的是什么；用量超过 request 的 Pod 最先被驱逐。",
    },
    weigh: (scene) =>
      scene.pod.reason === "Evicted"
        ? [
            { points: 5, words: { en: "the pod's reason is Evicted", "zh-CN": "Pod 的原因字段是 Evicted" } },
            ...when(/low on resource|node had condition/i.test(scene.pod.message ?? ""), 3, {
              en: `the kubelet says: ${scene.pod.message}`,
              "zh-CN": `kubelet 说：${scene.pod.message}`,
            }),
            ...hears(scene, 1, /low on resource/i),
            ...nodePressure(scene, "DiskPressure", 1),
            ...nodePressure(scene, "MemoryPressure", 1),
          ]
        : [],
  },
];
