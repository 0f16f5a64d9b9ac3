import { shellCommand } from "#common/kubernetes/shell.ts";
import type { RemedyStep, Words as Said, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";

/** What is said about a broken link, and the steps that every one of them has. */

type Words = Record<string, string>;
export type Wording = {
  message: (words: Words, subject: Subject) => Text;
  observed: (words: Words) => Said;
  expected: (words: Words) => Said;
  fix: (words: Words, subject: Subject) => Text;
};

export const place = ({ namespace, name }: Subject) => `${namespace}/${name}`;
export const orNone = (list: string | undefined) => list || "none";

const resources: Record<string, string> = {
  VirtualService: "virtualservices.networking.istio.io",
  Gateway: "gateways.networking.istio.io",
  DestinationRule: "destinationrules.networking.istio.io",
  ServiceEntry: "serviceentries.networking.istio.io",
  Service: "service",
};

/** Look at the object, mend it, ask Istio's own analysis. */
export function steps(subject: Subject, fix: Text): RemedyStep[] {
  const { kind, name, namespace = "" } = subject;
  const where = ["--namespace", namespace];
  return [
    {
      purpose: "inspect",
      text: { en: "Read the object as it is.", "zh-CN": "查看对象的现状。" },
      command: shellCommand("kubectl", "get", resources[kind] ?? kind, name, ...where, "--output", "yaml"),
    },
    { purpose: "fix", text: fix },
    {
      purpose: "verify",
      text: {
        en: "Istio's own analysis has nothing more to say about it.",
        "zh-CN": "Istio 自己的分析不再报告它。",
      },
      command: shellCommand("istioctl", "analyze", ...where),
    },
  ];
}
