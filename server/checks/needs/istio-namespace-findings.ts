import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { type InjectedNamespace, type Injector, injectsInto, wishOf } from "./istio-injector.ts";
import { affectedPods } from "./owners.ts";

/** What is wrong with the labels by which namespaces ask for Istio's proxy. */

function labelText({ labels }: InjectedNamespace): string {
  return ["istio-injection", "istio.io/rev"]
    .filter((key) => key in labels)
    .map((key) => `${key}=${labels[key]}`)
    .join(", ");
}

function labelStep(name: string, ...changes: string[]): RemedyStep {
  return {
    purpose: "fix",
    text: {
      en: "Leave one label, with the value you mean, then restart the pods.",
      "zh-CN": "只保留一个标签，写上真正想要的值，然后重启 Pod。",
    },
    command: shellCommand("kubectl", "label", "namespace", name, "--overwrite", ...changes),
  };
}

/** Labels of a namespace that do not do what they seem to. */
export function misleadingLabels(namespaces: readonly InjectedNamespace[]): Finding[] {
  return namespaces.flatMap((namespace): Finding[] => {
    const { name, labels } = namespace;
    const [value, revision] = [labels["istio-injection"], labels["istio.io/rev"]];
    const base = {
      verdict: "warn",
      subject: { kind: "Namespace", name },
      observed: labelText(namespace),
    } as const;
    if (value !== undefined && wishOf(labels) === "no-effect")
      return [
        {
          ...base,
          code: "label-without-effect",
          message: {
            en: `istio-injection="${value}" switches nothing on: the only values are enabled and disabled.`,
            "zh-CN": `istio-injection="${value}" 不起任何作用：只认 enabled 和 disabled 两个值。`,
          },
          expected: {
            en: "istio-injection=enabled or istio-injection=disabled",
            "zh-CN": "istio-injection=enabled 或 istio-injection=disabled",
          },
          remedy: [labelStep(name, "istio-injection=enabled")],
        },
      ];
    if (value === undefined || revision === undefined) return [];
    return [
      {
        ...base,
        code: "conflicting-labels",
        message: {
          en: `The namespace has both labels. istio-injection=${value} wins, and istio.io/rev=${revision} is ignored.`,
          "zh-CN": `命名空间同时有两个标签：以 istio-injection=${value} 为准，istio.io/rev=${revision} 被忽略。`,
        },
        expected: { en: "one of the two labels", "zh-CN": "两个标签只留一个" },
        remedy: [labelStep(name, value === "enabled" ? "istio-injection-" : "istio.io/rev-")],
      },
    ];
  });
}

/** A namespace that asks for a proxy and that no webhook is asked about: a revision that is gone, or never was. */
export function namespacesWithoutInjector(
  namespaces: readonly InjectedNamespace[],
  injectors: readonly Injector[],
  bareIn: (namespace: string) => { namespace: string; name: string }[],
): Finding[] {
  return namespaces.flatMap((namespace): Finding[] => {
    const { name, labels } = namespace;
    if (wishOf(labels) !== "inject" || injectsInto(injectors, labels)) return [];
    const bare = bareIn(name);
    const subject: Subject = { kind: "Namespace", name };
    return [
      {
        verdict: "fail",
        code: "no-injector",
        subject,
        ...(bare.length > 0 && { affected: affectedPods(bare) }),
        message: {
          en: `The namespace asks for injection (${labelText(namespace)}), but no injector's selector matches it: new pods get no proxy.`,
          "zh-CN": `命名空间要求注入（${labelText(namespace)}），但没有任何注入器的选择器与它匹配：新 Pod 不会带上代理。`,
        },
        observed: `${labelText(namespace)}; injectors: ${injectors.map((one) => one.name).join(", ") || "none"}`,
        expected: { en: "an injector for this label", "zh-CN": "有注入器认这个标签" },
        remedy: [
          {
            purpose: "inspect",
            text: { en: "List the revisions and tags that exist.", "zh-CN": "列出现有的 revision 和 tag。" },
            command: "istioctl tag list",
          },
          {
            purpose: "fix",
            text: {
              en: "Label the namespace with a revision or tag that exists, and restart its workloads.",
              "zh-CN": "把命名空间的标签改成存在的 revision 或 tag，再重启其中的工作负载。",
            },
            command: `${shellCommand("kubectl", "label", "namespace", name, "--overwrite")} "istio.io/rev=$REVISION"`,
          },
          {
            purpose: "verify",
            text: { en: "Its pods show istio-proxy.", "zh-CN": "其中的 Pod 出现 istio-proxy。" },
            command: shellCommand("istioctl", "proxy-status", "--namespace", name),
          },
        ],
      },
    ];
  });
}
