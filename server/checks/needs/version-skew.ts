import type { Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import { imageTag, mostBehind, parseVersion, type Version } from "#common/kubernetes/version.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { compare, type OwnedPod, pickOwner } from "./owners.ts";

export type NodeVersion = { name: string; kubelet: string };
export type Component = OwnedPod & { component: string; node: string; tag: string };

export const pickNodeVersion = ({ metadata, status }: Node): NodeVersion => ({
  name: metadata?.name ?? "",
  kubelet: status?.nodeInfo?.kubeletVersion ?? "",
});

const controlPlane = new Set(["kube-apiserver", "kube-controller-manager", "kube-scheduler"]);

export function pickComponent({ metadata, spec, status }: Pod): Component | undefined {
  const { component = "", "k8s-app": app } = metadata?.labels ?? {};
  const name = controlPlane.has(component) ? component : app === "kube-proxy" ? app : undefined;
  if (!name || metadata?.namespace !== "kube-system" || status?.phase === "Failed") return undefined;
  const container = spec?.containers.find((one) => one.name === name) ?? spec?.containers[0];
  const tag = imageTag(container?.image) ?? "";
  return { ...pickOwner(metadata), component: name, node: spec?.nodeName ?? "", tag };
}

export const parseServerVersion = ({ text }: { text: string }): string =>
  String((JSON.parse(text) as { gitVersion?: unknown }).gitVersion ?? "");

type Facts = { server: string; nodes: NodeVersion[]; components: Component[] };

/** Where releases are further apart than Kubernetes supports, or as far as it does. */
export function skewFindings(
  { server, nodes, components }: Facts,
  ownerOf: (pod: OwnedPod) => Subject,
): Finding[] {
  const answered = parseVersion(server);
  if (!answered) return [];
  const servers = versionsOf(components.filter(({ component }) => component === "kube-apiserver"));
  const all = [answered, ...servers].sort((a, b) => a.minor - b.minor);
  const [oldest = answered] = all;
  const newest = all.at(-1) ?? answered;
  return [
    ...serversApart(oldest, newest),
    ...kubelets(nodes, oldest, newest),
    ...others(components, oldest, newest, ownerOf),
  ];
}

const versionsOf = (components: Component[]): Version[] =>
  components.flatMap(({ tag }) => parseVersion(tag) ?? []);

function serversApart(oldest: Version, newest: Version): Finding[] {
  if (newest.minor - oldest.minor < 2) return [];
  return [
    {
      verdict: "fail",
      code: "api-servers-apart",
      subject: { kind: "kube-apiserver", name: "kube-apiserver" },
      message: {
        en: `API servers of ${oldest.text} and ${newest.text} run side by side. They may be one minor release apart.`,
        "zh-CN": `同时运行着 ${oldest.text} 和 ${newest.text} 的 API Server，而它们最多只能相差一个次版本。`,
      },
      observed: { en: `${oldest.text} to ${newest.text}`, "zh-CN": `${oldest.text} 到 ${newest.text}` },
      expected: { en: "at most 1 minor release apart", "zh-CN": "最多相差 1 个次版本" },
      remedy: [listPods("component=kube-apiserver")],
    },
  ];
}

type Skew = { code: "newer" | "too-old" | "at-limit"; verdict: "fail" | "warn" };

function skewOf(version: Version, oldest: Version, newest: Version): Skew | undefined {
  if (version.minor > oldest.minor) return { code: "newer", verdict: "fail" };
  const behind = newest.minor - version.minor;
  if (behind > mostBehind(version)) return { code: "too-old", verdict: "fail" };
  return behind === mostBehind(version) ? { code: "at-limit", verdict: "warn" } : undefined;
}

/** One finding for all nodes of a release: a pool of old nodes is one thing to do. */
function kubelets(nodes: NodeVersion[], oldest: Version, newest: Version): Finding[] {
  const pools = Map.groupBy(nodes, ({ kubelet }) => kubelet);
  return [...pools]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([text, pool]): Finding[] => {
      const version = parseVersion(text);
      const skew = version && skewOf(version, oldest, newest);
      if (!version || !skew) return [];
      const names = pool.map(({ name }) => name).sort(compare);
      const count = {
        en: names.length === 1 ? `Node ${names[0]} runs` : `${names.length} nodes run`,
        zh: names.length,
      };
      const which = skew.code === "newer" ? oldest : newest;
      return [
        {
          verdict: skew.verdict,
          code: `kubelet-${skew.code}`,
          subject: { kind: "kubelet", name: text },
          affected: {
            count: names.length,
            sample: names.slice(0, 50).map((name) => ({ kind: "Node", name })),
          },
          message: {
            en: `${count.en} kubelet ${text} and the API server is ${which.text}. ${words[skew.code].en}`,
            "zh-CN": `${count.zh} 个节点的 kubelet 是 ${text}，API Server 是 ${which.text}。${words[skew.code]["zh-CN"]}`,
          },
          observed: {
            en: `kubelet ${text}, API server ${which.text}`,
            "zh-CN": `kubelet 是 ${text}，API server 是 ${which.text}`,
          },
          expected: {
            en: `not newer than the API server, and at most ${mostBehind(version)} minor releases older`,
            "zh-CN": `不比 API server 新，最多旧 ${mostBehind(version)} 个次版本`,
          },
          remedy: [
            {
              purpose: "inspect",
              text: { en: "Which nodes they are.", "zh-CN": "看看是哪些节点。" },
              command: shellCommand("kubectl", "get", "nodes", "--sort-by=.status.nodeInfo.kubeletVersion"),
            },
            {
              purpose: "fix",
              text:
                skew.code === "newer"
                  ? {
                      en: "Upgrade the control plane first, always; or put the nodes back to its release.",
                      "zh-CN": "永远先升级控制平面；或者把这些节点退回到它的版本。",
                    }
                  : {
                      en: "Upgrade these nodes before the control plane takes its next step.",
                      "zh-CN": "在控制平面进行下一次升级之前，先升级这些节点。",
                    },
            },
          ],
        },
      ];
    });
}

const words = {
  newer: {
    en: "A kubelet must never be newer than the API server it talks to.",
    "zh-CN": "kubelet 绝不能比它所连接的 API Server 更新。",
  },
  "too-old": { en: "It is older than is supported.", "zh-CN": "它已经旧到不再受支持。" },
  "at-limit": {
    en: "It is as old as is supported: the control plane cannot be upgraded before these nodes are.",
    "zh-CN": "它已经旧到支持范围的边缘：不先升级这些节点，控制平面就不能再升级。",
  },
};

/** Scheduler and controllers one release behind at most, kube-proxy as far as a kubelet; none of them ahead. */
function others(
  components: Component[],
  oldest: Version,
  newest: Version,
  ownerOf: (pod: OwnedPod) => Subject,
): Finding[] {
  const found = new Map<string, Finding>();
  for (const one of components.toSorted((a, b) => compare(a.name, b.name))) {
    const version = parseVersion(one.tag);
    if (!version || one.component === "kube-apiserver") continue;
    const most = one.component === "kube-proxy" ? mostBehind(version) : 1;
    const newer = version.minor > oldest.minor;
    if (!newer && newest.minor - version.minor <= most) continue;
    const owner = ownerOf(one);
    const subject = owner.kind === "Node" ? { kind: "Pod", namespace: one.namespace, name: one.name } : owner;
    const code = newer ? "component-newer" : "component-too-old";
    const which = newer ? oldest : newest;
    const finding: Finding = {
      ...{ verdict: "fail", code, subject },
      message: {
        en: `${one.component} ${one.tag} with an API server of ${which.text}: it may be ${most === 1 ? "one minor release" : `${most} minor releases`} older and never newer.`,
        "zh-CN": `${one.component} 是 ${one.tag}，API Server 是 ${which.text}：它最多可以旧 ${most} 个次版本，但不能更新。`,
      },
      observed: {
        en: `${one.component} ${one.tag}, API server ${which.text}`,
        "zh-CN": `${one.component} 是 ${one.tag}，API server 是 ${which.text}`,
      },
      expected: { en: `not newer, and at most ${most} older`, "zh-CN": `不更新，最多旧 ${most} 个次版本` },
      remedy: [
        listPods(one.component === "kube-proxy" ? "k8s-app=kube-proxy" : `component=${one.component}`),
      ],
    };
    found.set(`${subject.kind}/${subject.name}/${code}`, finding);
  }
  return [...found.values()];
}

function listPods(selector: string): RemedyStep {
  return {
    purpose: "inspect",
    text: { en: "The images in use.", "zh-CN": "看看正在使用的镜像。" },
    command: shellCommand(
      ...["kubectl", "get", "pods", "--namespace", "kube-system", "--selector", selector],
      ...["--output", "custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image"],
    ),
  };
}
