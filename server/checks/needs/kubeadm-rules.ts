import { minorOf } from "#common/kubernetes/removed-apis.ts";
import type { Text } from "#common/text.ts";
import type { KubeadmDocument } from "./kubeadm-document.ts";
import { domainAndRoom, names, ranges } from "./kubeadm-network.ts";
import type { KubeadmProblem, Rule } from "./kubeadm-problem.ts";
import { fields } from "./kubeadm-unknown-fields.ts";
import { kubeadmApis, removedFlags } from "./kubeadm-versions.ts";

/** What can be said of a kubeadm configuration by itself. Values that are secrets are never repeated. */

const group = "kubeadm.k8s.io/";

/** `minor` is that of the kubeadm that is to read it, where that is known. */
export function kubeadmProblems(document: KubeadmDocument, minor: number | undefined): KubeadmProblem[] {
  if (!document.apiVersion.startsWith(group)) return [];
  return rules.flatMap((rule) => rule(document, minor));
}

const apiVersion: Rule = (document, minor) => {
  const version = document.apiVersion.slice(group.length);
  const api = kubeadmApis[version];
  const base = { path: "apiVersion", at: document.place(["apiVersion"]), observed: document.apiVersion };
  const expected = `${group}v1beta4`;
  if (!api)
    return [
      {
        ...base,
        ...{ code: "api-version-unknown", verdict: "fail", expected },
        message: {
          en: `kubeadm has never had a version ${version}.`,
          "zh-CN": `kubeadm 从来没有 ${version} 这个版本。`,
        },
      },
    ];
  if (api.removedIn !== undefined && (minor === undefined || minor >= api.removedIn))
    return [
      {
        ...base,
        ...{ code: "api-version-removed", verdict: "fail", expected },
        message: {
          en: `kubeadm 1.${api.removedIn} and later do not read ${version}. The last that does can migrate it.`,
          "zh-CN": `kubeadm 1.${api.removedIn} 及以后不再读取 ${version}。此前的最后一个版本可以迁移它。`,
        },
      },
    ];
  if (api.deprecatedIn !== undefined && (minor === undefined || minor >= api.deprecatedIn))
    return [
      {
        ...base,
        ...{ code: "api-version-deprecated", verdict: "warn", expected },
        message: {
          en: `${version} has been deprecated since kubeadm 1.${api.deprecatedIn}.`,
          "zh-CN": `${version} 从 kubeadm 1.${api.deprecatedIn} 起已弃用。`,
        },
      },
    ];
  return [];
};

const components = ["apiServer", "controllerManager", "scheduler"] as const;

const flags: Rule = (document, minor) => {
  const isList = document.apiVersion === `${group}v1beta4`;
  const wanted = minor ?? minorOf(document.text(["kubernetesVersion"]) ?? "");
  return components.flatMap((component) => {
    const path = [component, "extraArgs"];
    if (document.node(path) === undefined) return [];
    const keys = document.keys(path);
    const listed = Array.from({ length: document.size(path) }, (_, index) => ({
      key: document.text([...path, index, "name"]) ?? "",
      at: document.place([...path, index, "name"]),
    }));
    if (isList ? keys.length > 0 : listed.length > 0)
      return [
        {
          ...{ code: "extra-args-form", verdict: "fail", path: path.join("."), at: document.place(path) },
          observed: isList ? { en: "a map", "zh-CN": "映射" } : { en: "a list", "zh-CN": "列表" },
          expected: isList
            ? { en: "a list of name and value", "zh-CN": "由 name 和 value 组成的列表" }
            : { en: "a map", "zh-CN": "映射" },
          message: {
            en: `In ${document.apiVersion.slice(group.length)} extraArgs is ${isList ? "a list of name and value" : "a map from name to value"}: kubeadm cannot read this.`,
            "zh-CN": `在 ${document.apiVersion.slice(group.length)} 中，extraArgs 是${isList ? "由 name 和 value 组成的列表" : "从名称到值的映射"}：kubeadm 读不了这里的写法。`,
          },
        },
      ];
    return [...keys, ...listed].flatMap(({ key, at }): KubeadmProblem[] => {
      const goneIn = removedFlags[component]?.[key];
      if (goneIn === undefined || wanted === undefined || wanted < goneIn) return [];
      return [
        {
          ...{
            code: "flag-removed",
            verdict: "fail",
            path: `${path.join(".")}.${key}`,
            at,
            observed: `--${key}`,
          },
          expected: { en: "not given", "zh-CN": "不写" },
          message: {
            en: `--${key} is gone since 1.${goneIn}: the component does not start with it.`,
            "zh-CN": `--${key} 在 1.${goneIn} 已移除：带着它组件无法启动。`,
          },
        },
      ];
    });
  });
};

const settings: Rule = (document) => {
  const problems: KubeadmProblem[] = [];
  const warn = (code: string, path: (string | number)[], observed: string, expected: string, message: Text) =>
    problems.push({
      code,
      verdict: "warn",
      path: path.join("."),
      at: document.place(path),
      observed,
      expected,
      message,
    });
  const registry = document.text(["imageRepository"]);
  if (registry?.startsWith("k8s.gcr.io"))
    warn("registry-frozen", ["imageRepository"], registry, "registry.k8s.io", {
      en: "k8s.gcr.io has been frozen since April 2023: it holds no later image.",
      "zh-CN": "k8s.gcr.io 自 2023 年 4 月起冻结，不再有更新的镜像。",
    });
  for (const path of [["nodeRegistration", "criSocket"], ["criSocket"]]) {
    const socket = document.text(path);
    if (socket?.includes("dockershim"))
      warn("dockershim-socket", path, socket, "unix:///run/containerd/containerd.sock", {
        en: "dockershim left with Kubernetes 1.24: nobody listens at this socket.",
        "zh-CN": "dockershim 已随 Kubernetes 1.24 移除：没有人监听这个套接字。",
      });
  }
  for (let index = 0; index < document.size(["bootstrapTokens"]); index += 1) {
    const path = ["bootstrapTokens", index, "ttl"];
    if (/^0+[smh]?(0+[ms])*$/.test(document.text(path) ?? ""))
      warn("token-without-end", path, "ttl: 0", "24h0m0s", {
        en: "A bootstrap token without an end lets whoever has it join a node to the cluster, for ever.",
        "zh-CN": "永不过期的引导令牌，让拿到它的人永远可以把节点加入集群。",
      });
  }
  const unsafe = ["discovery", "bootstrapToken", "unsafeSkipCAVerification"];
  if (document.text(unsafe) === "true")
    warn("unverified-discovery", unsafe, "true", "caCertHashes", {
      en: "The joining node trusts whatever authority answers: give caCertHashes instead.",
      "zh-CN": "加入的节点会信任任何应答的 CA：应改用 caCertHashes。",
    });
  return problems;
};

const rules: readonly Rule[] = [apiVersion, fields, ranges, domainAndRoom, names, flags, settings];
