import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { captureSteps, pickCapturedPod } from "../needs/capture-points.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { pickCiliumConfig, pickFlannelConfig } from "../needs/network-config.ts";
import { pickMapNode, pickPluginSet } from "../needs/network-objects.ts";
import { carrierWords, setupOf } from "../needs/network-setup.ts";
import { param } from "../needs/param.ts";

const params = z.object({
  namespace: param(
    z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
      .default("default"),
    { label: { en: "Namespace", "zh-CN": "命名空间" } },
  ),
  pod: param(
    z
      .string()
      .max(253)
      .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/)
      .default(""),
    { label: { en: "Pod", "zh-CN": "Pod 名称" }, placeholder: "web-7d4b9c8f6d-x2x9k" },
  ),
});

/** What `kubectl debug` does with a running pod. */
const rights = {
  mayDebug: { verb: "patch", subresource: "ephemeralcontainers" },
  mayAttach: { verb: "create", subresource: "attach" },
} as const;

const of = (object: (typeof rights)[keyof typeof rights]) => `${object.verb} pods/${object.subresource}`;

/**
 * Subject: the pod of the parameters. Codes: capture-points (pass: where its packets can be seen, with the commands),
 * may-not-debug (warn: this credential lacks a right for an ephemeral container), not-running (warn). Without the name
 * of a pod, or where there is none of that name, the check does not apply.
 */
export const check = defineCheck({
  id: "kubernetes/pod-packet-capture",
  version: 1,
  title: { en: "Where a pod's packets can be seen", "zh-CN": "在哪里能看到 Pod 的报文" },
  why: {
    en: "The right place to capture depends on the node, the runtime and the network plugin. Finding them out by hand takes the minutes in which the trouble can still be seen.",
    "zh-CN": "该在哪里抓包，取决于节点、运行时和网络插件。逐个去查，往往就错过了现场。",
  },
  remedy: {
    en: "Take the command for the place that answers your question; capture on both nodes where packets get lost between them.",
    "zh-CN": "按要回答的问题选一处抓包；怀疑丢在节点之间时，两边同时抓。",
  },
  params,
  needs: ({ namespace, pod }) => ({
    target: kubernetes.get(kinds.Pod, { namespace, name: pod === "" ? "-" : pod }, pickCapturedPod),
    mayDebug: optional(
      kubernetes.review(
        { ...rights.mayDebug, group: "", resource: "pods", namespace },
        ({ allowed }) => allowed,
      ),
    ),
    mayAttach: optional(
      kubernetes.review(
        { ...rights.mayAttach, group: "", resource: "pods", namespace },
        ({ allowed }) => allowed,
      ),
    ),
    nodes: optional(kubernetes.list(kinds.Node, pickMapNode)),
    plugins: optional(kubernetes.list(kinds.DaemonSet, pickPluginSet)),
    cilium: optional(
      kubernetes.get(kinds.ConfigMap, { namespace: "kube-system", name: "cilium-config" }, pickCiliumConfig),
    ),
    flannel: optional(
      kubernetes.get(
        kinds.ConfigMap,
        { namespace: "kube-flannel", name: "kube-flannel-cfg" },
        pickFlannelConfig,
      ),
    ),
  }),
  judge: ({ target, nodes, plugins, cilium, flannel, ...may }, { namespace, pod }) => {
    if (pod === "" || !target)
      return {
        skip: { what: "a pod", detail: pod === "" ? "none was named" : `there is no ${namespace}/${pod}` },
      };
    const subject = { kind: "Pod", namespace, name: pod };
    if (target.phase !== "Running" || target.node === "")
      return {
        findings: [
          {
            verdict: "warn",
            code: "not-running",
            subject,
            message: {
              en: `The pod is ${target.phase}: it has no process that sends or receives.`,
              "zh-CN": `Pod 处于 ${target.phase}：没有进程在收发报文。`,
            },
            observed: target.phase,
            expected: "Running",
          },
        ],
      };
    const setup = setupOf({
      nodes: isUnread(nodes) ? [] : nodes,
      plugins: isUnread(plugins) ? [] : plugins,
      cilium: isUnread(cilium) ? null : cilium,
      flannel: isUnread(flannel) ? null : flannel,
      proxyConfig: null,
      pools: [],
    });
    const lacking = (["mayDebug", "mayAttach"] as const).filter((name) => may[name] === false);
    const runtime = target.containers[0]?.scheme ?? "unknown";
    const plugin = setup.plugin?.title;
    const carrier = carrierWords(setup.carrier);
    const findings: Finding[] = [
      {
        verdict: "pass",
        code: "capture-points",
        subject,
        message: {
          en: `It runs on ${target.node} with ${target.address || "no address"}, runtime ${runtime}, network plugin ${plugin ?? "not recognised"}; between nodes: ${carrier.en}.`,
          "zh-CN": `它在节点 ${target.node} 上，地址 ${target.address || "无"}，运行时 ${runtime}，网络插件${plugin ? ` ${plugin}` : "未识别"}；跨节点：${carrier["zh-CN"]}。`,
        },
        observed: target.containers.map(({ name, id }) => `${name} ${id.slice(0, 13)}`).join(", "),
        remedy: captureSteps({ ...target, namespace, name: pod }, setup.carrier),
      },
      ...(lacking.length > 0
        ? [
            {
              verdict: "warn" as const,
              code: "may-not-debug",
              subject,
              message: {
                en: `This credential may not ${lacking.map((name) => of(rights[name])).join(", ")}: an ephemeral container needs both rights. Capture on the node, or ask for them.`,
                "zh-CN": `这个凭据没有 ${lacking.map((name) => of(rights[name])).join("、")} 的权限，而临时容器两项都要。请在节点上抓包，或申请权限。`,
              },
              observed: { en: "not allowed", "zh-CN": "没有权限" },
              expected: "patch pods/ephemeralcontainers, create pods/attach",
            },
          ]
        : []),
    ];
    return { findings };
  },
});
