import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { fullHost } from "./istio-hosts.ts";
import type { PeerRule } from "./istio-peers.ts";
import { carries } from "./istio-registry.ts";
import { type DestinationRule, pickDestinationRule } from "./istio-routing.ts";
import { compare } from "./owners.ts";

/** Objects of Istio that stand in each other's way, or that speak of nobody: what is silently ignored. */

type Labels = Record<string, string>;
type Named = { namespace: string; name: string };
export type SidecarRule = Named & { createdAt: string; selector: Labels | null };
export type RulePolicy = DestinationRule & { createdAt: string; hasPolicy: boolean; selects: boolean };
export type LabelledPod = { namespace: string; labels: Labels };

export function pickSidecarRule(object: unknown): SidecarRule {
  const { metadata, spec = {} } = object as {
    metadata?: ObjectMeta;
    spec?: { workloadSelector?: { labels?: Labels } };
  };
  const labels = spec.workloadSelector?.labels ?? {};
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    createdAt: metadata?.creationTimestamp ?? "",
    selector: Object.keys(labels).length > 0 ? labels : null,
  };
}

export function pickRulePolicy(object: unknown): RulePolicy {
  const { metadata, spec = {} } = object as {
    metadata?: ObjectMeta;
    spec?: { trafficPolicy?: object; workloadSelector?: object };
  };
  return {
    ...pickDestinationRule(object),
    createdAt: metadata?.creationTimestamp ?? "",
    hasPolicy: Object.keys(spec.trafficPolicy ?? {}).length > 0,
    selects: spec.workloadSelector !== undefined,
  };
}

const resources: Record<string, string> = {
  Sidecar: "sidecars.networking.istio.io",
  PeerAuthentication: "peerauthentications.security.istio.io",
  DestinationRule: "destinationrules.networking.istio.io",
};

type About = { kind: keyof typeof resources & string; at: Named; code: string; verdict: "warn" | "fail" };
type Sentences = { message: Text; observed: Words; expected: Words; fix: Text };

function finding(
  { kind, at, code, verdict }: About,
  { message, observed, expected, fix }: Sentences,
): Finding {
  const place = [resources[kind] ?? kind, at.name, "--namespace", at.namespace];
  return {
    verdict,
    code,
    subject: { kind, namespace: at.namespace, name: at.name },
    message,
    observed,
    expected,
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Read it before you change it.", "zh-CN": "修改之前先看一遍。" },
        command: shellCommand("kubectl", "get", ...place, "--output", "yaml"),
      },
      { purpose: "fix", text: fix, command: shellCommand("kubectl", "edit", ...place) },
      {
        purpose: "verify",
        text: { en: "Istio's own analysis is silent.", "zh-CN": "Istio 自己的分析不再报告。" },
        command: shellCommand("istioctl", "analyze", "--namespace", at.namespace),
      },
    ],
  };
}

const byAge = <T extends Named & { createdAt: string }>(a: T, b: T) =>
  compare(a.createdAt, b.createdAt) || compare(a.name, b.name);

/** Per key the oldest, which holds, and those that come after it. */
function rivals<T extends Named & { createdAt: string }>(items: readonly T[], keyOf: (item: T) => string) {
  return [...Map.groupBy(items, keyOf).values()].flatMap((group) => {
    const [first, ...others] = group.toSorted(byAge);
    return first ? others.map((other) => ({ first, other })) : [];
  });
}

function ignoredWide(
  kind: "Sidecar" | "PeerAuthentication",
  items: readonly (SidecarRule | PeerRule)[],
): Finding[] {
  const wide = items.filter(({ selector }) => selector === null);
  return rivals(wide, ({ namespace }) => namespace).map(({ first, other }) =>
    finding(
      { kind, at: other, code: "ignored-by-older", verdict: "fail" },
      {
        message: {
          en: `${kind} ${other.name} and ${first.name} both speak for the whole namespace. The older one, ${first.name}, holds; this one does nothing.`,
          "zh-CN": `${kind} ${other.name} 和 ${first.name} 都针对整个命名空间。以较早的 ${first.name} 为准，这一个不起作用。`,
        },
        observed: {
          en: `2 objects without a selector in ${other.namespace}`,
          "zh-CN": `${other.namespace} 里有 2 个不带 selector 的对象`,
        },
        expected: {
          en: "one for the namespace, others with a selector",
          "zh-CN": "整个命名空间一个，其余带 selector",
        },
        fix: {
          en: `Bring what is wanted into ${first.name} and delete this one, or give it a selector.`,
          "zh-CN": `把需要的内容并入 ${first.name} 并删除这一个，或者给它加上选择器。`,
        },
      },
    ),
  );
}

function selectsNothing(
  kind: "Sidecar" | "PeerAuthentication",
  items: readonly (SidecarRule | PeerRule)[],
  pods: readonly LabelledPod[],
): Finding[] {
  const podsIn = Map.groupBy(pods, ({ namespace }) => namespace);
  const empty = items.filter(({ namespace, selector }) => {
    if (selector === null) return false;
    return !(podsIn.get(namespace) ?? []).some(({ labels }) => carries(labels, selector));
  });
  return empty.map((at) => {
    const labels = Object.entries(at.selector ?? {}).map(([key, value]) => `${key}=${value}`);
    return finding(
      { kind, at, code: "selects-nothing", verdict: "warn" },
      {
        message: {
          en: `No pod of namespace ${at.namespace} has the labels that ${kind} ${at.name} asks for (${labels.join(", ")}).`,
          "zh-CN": `命名空间 ${at.namespace} 里没有 Pod 带有 ${kind} ${at.name} 要求的标签（${labels.join("、")}）。`,
        },
        observed: { en: `0 pods with ${labels.join(", ")}`, "zh-CN": `没有 Pod 带 ${labels.join("、")}` },
        expected: { en: "at least one pod", "zh-CN": "至少一个 Pod" },
        fix: {
          en: "Write the labels that the pods have, or delete the object.",
          "zh-CN": "改成 Pod 实际带有的标签，或删除这个对象。",
        },
      },
    );
  });
}

/** Rules of one namespace for one host are merged: subsets add up, but the policy is the oldest's alone. */
function lostPolicies(rules: readonly RulePolicy[]): Finding[] {
  const plain = rules.filter(({ selects, host }) => !selects && host !== "");
  const pairs = rivals(plain, ({ host, namespace, exportTo }) =>
    [namespace, fullHost(host, namespace), ...exportTo.toSorted(compare)].join(" "),
  );
  return pairs
    .filter(({ first, other }) => other.hasPolicy && first.hasPolicy)
    .map(({ first, other }) =>
      finding(
        { kind: "DestinationRule", at: other, code: "policy-lost", verdict: "fail" },
        {
          message: {
            en: `DestinationRules ${first.name} and ${other.name} are for the same host. Their subsets add up, but the traffic policy is that of the older one, ${first.name}: this one's does nothing.`,
            "zh-CN": `DestinationRule ${first.name} 和 ${other.name} 针对同一个主机。subset 会合并，但流量策略只取较早的 ${first.name}：这一个的策略不起作用。`,
          },
          observed: {
            en: `2 rules with a trafficPolicy for ${fullHost(other.host, other.namespace)}`,
            "zh-CN": `${fullHost(other.host, other.namespace)} 有 2 条带 trafficPolicy 的规则`,
          },
          expected: { en: "one rule a host", "zh-CN": "每个主机一条规则" },
          fix: {
            en: `Bring both policies into ${first.name} and delete this rule.`,
            "zh-CN": `把两份策略并入 ${first.name}，再删除这条规则。`,
          },
        },
      ),
    );
}

export function overlaps(facts: {
  sidecars: readonly SidecarRule[];
  peers: readonly PeerRule[];
  rules: readonly RulePolicy[];
  pods: readonly LabelledPod[];
}): Finding[] {
  const { sidecars, peers, rules, pods } = facts;
  return [
    ...ignoredWide("Sidecar", sidecars),
    ...ignoredWide("PeerAuthentication", peers),
    ...selectsNothing("Sidecar", sidecars, pods),
    ...selectsNothing("PeerAuthentication", peers, pods),
    ...lostPolicies(rules),
  ];
}
