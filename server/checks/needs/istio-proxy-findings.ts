import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { behind, controlPlanes, type ProxyPod } from "./istio-proxies.ts";
import { affectedPods, compare } from "./owners.ts";

type Owners = (pod: ProxyPod) => Subject;

function byOwner(pods: readonly ProxyPod[], ownerOf: Owners): { owner: Subject; pods: ProxyPod[] }[] {
  const groups = new Map<string, { owner: Subject; pods: ProxyPod[] }>();
  for (const pod of pods) {
    const owner = ownerOf(pod);
    const key = `${owner.namespace}/${owner.kind}/${owner.name}`;
    const group = groups.get(key);
    if (group) group.pods.push(pod);
    else groups.set(key, { owner, pods: [pod] });
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

function restart(owner: Subject): RemedyStep {
  const text: Text = {
    en: "Create the pods anew: a proxy is added when a pod is created, and never later.",
    "zh-CN": "重新创建 Pod：代理只在创建 Pod 时注入，之后不会再补。",
  };
  const rolls = ["Deployment", "StatefulSet", "DaemonSet"].includes(owner.kind);
  return {
    purpose: "fix",
    text,
    ...(rolls && {
      command: shellCommand(
        "kubectl",
        "rollout",
        "restart",
        `${owner.kind.toLowerCase()}/${owner.name}`,
        "--namespace",
        owner.namespace ?? "",
      ),
    }),
  };
}

function containersStep(namespace: string): RemedyStep {
  return {
    purpose: "verify",
    text: {
      en: "istio-proxy stands among the containers of every pod.",
      "zh-CN": "每个 Pod 的容器里都有 istio-proxy。",
    },
    command: shellCommand(
      ...["kubectl", "get", "pods", "--namespace", namespace, "--output"],
      "custom-columns=POD:.metadata.name,CONTAINERS:.spec.containers[*].name,INIT:.spec.initContainers[*].name",
    ),
  };
}

/** Pods that their namespace or they themselves wanted in the mesh. */
export function withoutProxy(pods: readonly ProxyPod[], ownerOf: Owners): Finding[] {
  return byOwner(pods, ownerOf).map(({ owner, pods: bare }) => {
    const namespace = owner.namespace ?? "";
    const self = bare.every(({ asks, names }) => asks || names !== undefined);
    return {
      verdict: "warn",
      code: "pod-without-proxy",
      subject: owner,
      affected: affectedPods(bare),
      message: {
        en: `${bare.length === 1 ? "A pod has" : `${bare.length} pods have`} no proxy although ${self ? "the pod's own label" : `namespace ${namespace}`} asks for one. They are older than the label, or were created while the injector did not answer.`,
        "zh-CN": `${bare.length} 个 Pod 没有代理，尽管${self ? " Pod 自己的标签" : `命名空间 ${namespace} `}要求注入。它们要么早于这个标签，要么是在注入器没有应答时创建的。`,
      },
      observed: { en: "no container istio-proxy", "zh-CN": "没有 istio-proxy 容器" },
      expected: {
        en: "istio-proxy, or the label sidecar.istio.io/inject=false on the pod template",
        "zh-CN": "有 istio-proxy，或在 Pod 模板上打标签 sidecar.istio.io/inject=false",
      },
      remedy: [restart(owner), containersStep(namespace)],
    };
  });
}

/** A gateway's template is filled in by the injector; "auto" is no image that anyone could pull. */
export function neverInjected(pods: readonly ProxyPod[], ownerOf: Owners): Finding[] {
  return byOwner(
    pods.filter(({ proxy }) => proxy?.auto),
    ownerOf,
  ).map(({ owner, pods: auto }) => ({
    verdict: "fail",
    code: "image-auto",
    subject: owner,
    affected: affectedPods(auto),
    message: {
      en: `${auto.length === 1 ? "A pod has" : `${auto.length} pods have`} the placeholder image "auto": the injector, which puts the real one there, was never asked.`,
      "zh-CN": `${auto.length} 个 Pod 的镜像还是占位符 "auto"：本该替换它的注入器没有被调用。`,
    },
    observed: "image: auto",
    expected: { en: "an image of proxyv2", "zh-CN": "proxyv2 镜像" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "The namespace needs a label that the injector selects.",
          "zh-CN": "命名空间需要带上注入器能选中的标签。",
        },
        command: shellCommand("kubectl", "get", "namespace", owner.namespace ?? "", "--show-labels"),
      },
      restart(owner),
    ],
  }));
}

type Skew = "proxy-behind" | "proxy-out-of-support" | "proxy-ahead";

function skewOf(controlPlane: string, proxy: string, maxMinors: number, patches: boolean): Skew | null {
  const distance = behind(controlPlane, proxy);
  if (!distance) return "proxy-out-of-support";
  if (distance.minors < 0) return "proxy-ahead";
  if (distance.minors > maxMinors) return "proxy-out-of-support";
  return distance.older && (patches || distance.minors > 0) ? "proxy-behind" : null;
}

const skewTexts: Record<Skew, (proxy: string, controlPlane: string) => Text> = {
  "proxy-behind": (proxy, controlPlane) => ({
    en: `Proxies of version ${proxy} are behind their control plane, ${controlPlane}: they keep what was mended since.`,
    "zh-CN": `代理版本 ${proxy} 落后于控制面 ${controlPlane}：之后修复的问题它们都还有。`,
  }),
  "proxy-out-of-support": (proxy, controlPlane) => ({
    en: `Proxies of version ${proxy} are further behind their control plane, ${controlPlane}, than Istio supports.`,
    "zh-CN": `代理版本 ${proxy} 落后控制面 ${controlPlane} 太多，超出了 Istio 支持的范围。`,
  }),
  "proxy-ahead": (proxy, controlPlane) => ({
    en: `Proxies of version ${proxy} are newer than their control plane, ${controlPlane}, which Istio does not support.`,
    "zh-CN": `代理版本 ${proxy} 比控制面 ${controlPlane} 还新，Istio 不支持这种组合。`,
  }),
};

/** Per namespace and version: after an upgrade of istiod every workload is behind, and that is one piece of work. */
export function versionSkew(pods: readonly ProxyPod[], maxMinors: number, patches: boolean): Finding[] {
  const serves = controlPlanes(pods);
  const groups = new Map<
    string,
    { namespace: string; version: string; plane: string; code: Skew; pods: ProxyPod[] }
  >();
  for (const pod of pods) {
    const version = pod.proxy?.version;
    const plane = version && serves(pod.proxy?.revision);
    const code = version && plane ? skewOf(plane, version, maxMinors, patches) : null;
    if (!version || !plane || !code) continue;
    const key = `${pod.namespace}/${version}/${code}`;
    const group = groups.get(key) ?? { namespace: pod.namespace, version, plane, code, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ namespace, version, plane, code, pods: skewed }) => ({
    verdict: code === "proxy-behind" ? "warn" : "fail",
    code,
    subject: { kind: "Namespace", name: namespace, part: version },
    affected: affectedPods(skewed),
    message: skewTexts[code](version, plane),
    observed: `${skewed.length} ${skewed.length === 1 ? "proxy" : "proxies"} ${version}`,
    expected: { en: `${plane}, as istiod`, "zh-CN": `${plane}，与 istiod 相同` },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Restart the workloads of the namespace, StatefulSets and DaemonSets among them where they carry a proxy; the new pods get the control plane's version.",
          "zh-CN":
            "重启该命名空间的工作负载（带代理的 StatefulSet、DaemonSet 也要重启），新 Pod 会用上控制面的版本。",
        },
        command: shellCommand("kubectl", "rollout", "restart", "deployment", "--namespace", namespace),
      },
      {
        purpose: "verify",
        text: { en: "The version column shows the control plane's.", "zh-CN": "版本一列与控制面一致。" },
        command: shellCommand("istioctl", "proxy-status", "--namespace", namespace),
      },
    ],
  }));
}
