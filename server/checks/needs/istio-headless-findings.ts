import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { HeadlessRule } from "./istio-headless.ts";
import type { PeerRule } from "./istio-peers.ts";
import type { MeshPod, MeshService } from "./istio-registry.ts";
import { affectedPods } from "./owners.ts";

/** What is said about one headless Service. */

export type Headless = { service: MeshService; proxied: MeshPod[]; bare: MeshPod[] };

export const subjectOf = ({ service: { namespace, name } }: Headless): Subject => ({
  kind: "Service",
  namespace,
  name,
});
export const hostOf = ({ service: { namespace, name } }: Headless) =>
  `${name}.${namespace}.svc.cluster.local`;
export const refOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;

function setTls({ namespace, name }: HeadlessRule, mode: string): RemedyStep {
  return {
    purpose: "fix",
    text: {
      en: `Say ${mode} in that rule. A setting of a port goes before the host's: change it there too.`,
      "zh-CN": `在这条规则里改成 ${mode}。端口级设置优先于主机级，也要一并修改。`,
    },
    command: shellCommand(
      ...["kubectl", "patch", "destinationrules.networking.istio.io", name, "--namespace", namespace],
      ...["--type", "merge", "--patch", JSON.stringify({ spec: { trafficPolicy: { tls: { mode } } } })],
    ),
  };
}

const connects: RemedyStep = {
  purpose: "verify",
  text: {
    en: "From a pod with a proxy, connect to a pod behind the Service. The flags UF,URX in the proxy's log mean that it was refused or reset.",
    "zh-CN": "从带代理的 Pod 连接 Service 背后的 Pod。代理日志里的 UF,URX 标记表示连接被拒绝或重置。",
  },
  command: `kubectl logs "$CALLER" --namespace "$NAMESPACE" --container istio-proxy --tail 20`,
};

export function encryptsToBare(at: Headless, rule: HeadlessRule, mode: string): Finding {
  return {
    verdict: "fail",
    code: "mtls-to-plain-pods",
    subject: subjectOf(at),
    affected: affectedPods(at.bare),
    message: {
      en: `DestinationRule ${refOf(rule)} makes callers speak ${mode} to ${at.bare.length === 1 ? "a pod" : `${at.bare.length} pods`} without a proxy: those connections fail.`,
      "zh-CN": `DestinationRule ${refOf(rule)} 让调用方用 ${mode} 连接 ${at.bare.length} 个没有代理的 Pod：这些连接会失败。`,
    },
    observed: {
      en: `tls.mode ${mode}; ${at.proxied.length} pods with a proxy, ${at.bare.length} without`,
      "zh-CN": `tls.mode ${mode}；${at.proxied.length} 个 Pod 带代理，${at.bare.length} 个不带`,
    },
    expected: { en: "DISABLE while pods have no proxy", "zh-CN": "Pod 没有代理时用 DISABLE" },
    remedy: [setTls(rule, "DISABLE"), connects],
  };
}

export function plainToStrict(at: Headless, rule: HeadlessRule, peer: PeerRule | undefined): Finding {
  return {
    verdict: "fail",
    code: "plain-to-strict-pods",
    subject: subjectOf(at),
    affected: affectedPods(at.proxied),
    message: {
      en: `DestinationRule ${refOf(rule)} makes callers speak plain text, while PeerAuthentication ${peer ? refOf(peer) : "default"} has the pods take nothing but mutual TLS: every connection is reset.`,
      "zh-CN": `DestinationRule ${refOf(rule)} 让调用方使用明文，而 PeerAuthentication ${peer ? refOf(peer) : "default"} 要求这些 Pod 只接受双向 TLS：每个连接都会被重置。`,
    },
    observed: { en: `client DISABLE, server STRICT`, "zh-CN": `客户端 DISABLE，服务端 STRICT` },
    expected: { en: "ISTIO_MUTUAL, or no tls section at all", "zh-CN": "ISTIO_MUTUAL，或不写 tls" },
    remedy: [setTls(rule, "ISTIO_MUTUAL"), connects],
  };
}

export function oldBug(at: Headless, version: string): Finding {
  const { service } = at;
  const rule = {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "DestinationRule",
    metadata: { name: `${service.name}-plain`, namespace: service.namespace },
    spec: { host: hostOf(at), trafficPolicy: { tls: { mode: "DISABLE" } } },
  };
  return {
    verdict: "fail",
    code: "old-version-mtls",
    subject: subjectOf(at),
    affected: affectedPods(at.bare),
    message: {
      en: `istiod ${version} has callers speak mutual TLS to all pods of a headless Service; ${at.bare.length === 1 ? "a pod" : `${at.bare.length} pods`} of this one cannot.`,
      "zh-CN": `istiod ${version} 会让调用方对无头服务的所有 Pod 使用双向 TLS，而这个服务有 ${at.bare.length} 个 Pod 不支持。`,
    },
    observed: {
      en: `istiod ${version}, no tls section for ${hostOf(at)}`,
      "zh-CN": `istiod ${version}，${hostOf(at)} 没有 tls 配置`,
    },
    expected: {
      en: "Istio 1.7 or newer, or DISABLE for this host",
      "zh-CN": "Istio 1.7 或更新，或对该主机用 DISABLE",
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Until Istio is upgraded, switch mutual TLS off for this host.",
          "zh-CN": "升级 Istio 之前，先为这个主机关掉双向 TLS。",
        },
        command: `${shellCommand("printf", "%s", JSON.stringify(rule))} | kubectl apply --filename -`,
      },
      connects,
    ],
  };
}

export function halfInMesh(at: Headless): Finding {
  const { proxied, bare } = at;
  return {
    verdict: "warn",
    code: "half-in-mesh",
    subject: subjectOf(at),
    affected: affectedPods(bare),
    message: {
      en: `${proxied.length} of its pods have a proxy and ${bare.length} have none. A caller connects to the address of one pod, so whether mutual TLS works depends on which.`,
      "zh-CN": `它的 Pod 有 ${proxied.length} 个带代理，${bare.length} 个不带。调用方连的是某个 Pod 的地址，双向 TLS 能否成功取决于碰到哪一个。`,
    },
    observed: {
      en: `${proxied.length} with a proxy, ${bare.length} without`,
      "zh-CN": `${proxied.length} 个带代理，${bare.length} 个不带`,
    },
    expected: { en: "all of them, or none", "zh-CN": "全部带，或全部不带" },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Restart the pods that were created before injection, or take all of them out of the mesh with the label sidecar.istio.io/inject=false.",
          "zh-CN": "重启注入之前创建的 Pod，或用标签 sidecar.istio.io/inject=false 让它们全部退出网格。",
        },
        command: shellCommand(
          "kubectl",
          "delete",
          "pod",
          bare[0]?.name ?? "",
          "--namespace",
          bare[0]?.namespace ?? "",
        ),
      },
    ],
  };
}
