import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { EndpointChange, SliceFact } from "./endpoint-facts.ts";
import { subjectOf } from "./endpoint-findings.ts";

/** Slices of Services that are not there. */
export function orphans(slices: SliceFact[], services: ReadonlySet<string>): Finding[] {
  const lost = slices.filter(({ namespace, service }) => !services.has(`${namespace}/${service}`));
  return lost.map(
    ({ namespace, name, service }): Finding => ({
      verdict: "warn",
      code: "slice-without-service",
      subject: { kind: "EndpointSlice", namespace, name },
      message: {
        en: `It belongs to Service ${service}, which does not exist. A Service of that name would get these addresses at once.`,
        "zh-CN": `它属于 Service ${service}，而这个 Service 不存在。以后同名的 Service 一建出来就会带上这些地址。`,
      },
      observed: { en: `no Service ${namespace}/${service}`, "zh-CN": `没有 Service ${namespace}/${service}` },
      expected: { en: "a Service, or no slice", "zh-CN": "有对应的 Service，或没有这个 slice" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "If nobody keeps it on purpose, delete it.",
            "zh-CN": "如果没有人特意留着它，就删掉。",
          },
          command: shellCommand("kubectl", "delete", "endpointslice", name, "--namespace", namespace),
        },
      ],
    }),
  );
}

/** Services whose endpoints came and went while somebody looked. */
export function flapping(changes: EndpointChange[], seconds: number, most: number): Finding[] {
  const byService = Map.groupBy(changes, ({ namespace, service }) => `${namespace}/${service}`);
  return [...byService.values()].flatMap((group): Finding[] => {
    const [first] = group;
    if (!first || group.length < most) return [];
    const place = { namespace: first.namespace, name: first.service };
    const lines = (ready: string, seconds: string) =>
      group
        .slice(0, 20)
        .map((one) => `${(one.atMs / 1_000).toFixed(1)} ${seconds} ${one.type} ${ready} ${one.ready}`)
        .join("\n");
    return [
      {
        verdict: "warn",
        code: "endpoints-flapping",
        subject: subjectOf(place),
        message: {
          en: `The endpoints of Service ${place.name} changed ${group.length} times in ${seconds} s. Each change goes to every node; pods that become ready and unready by turns are the usual cause, if nothing is being rolled out.`,
          "zh-CN": `Service ${place.name} 的端点在 ${seconds} 秒内变了 ${group.length} 次。每次变化都要发到所有节点；如果没有在发布，通常是 Pod 反复就绪又不就绪。`,
        },
        observed: {
          en: `${group.length} changes in ${seconds} s`,
          "zh-CN": `${seconds} 秒内变化 ${group.length} 次`,
        },
        expected: { en: `less than ${most}`, "zh-CN": `少于 ${most} 次` },
        evidence: [
          {
            source: {
              en: `watch of endpointslices, ${seconds} s`,
              "zh-CN": `watch endpointslices，${seconds} 秒`,
            },
            excerpt: { en: lines("ready", "s"), "zh-CN": lines("就绪", "秒") },
          },
        ],
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Watch them yourself.", "zh-CN": "自己盯一会儿。" },
            command: shellCommand(
              ...["kubectl", "get", "endpointslices", "--namespace", place.namespace],
              ...["--selector", `kubernetes.io/service-name=${place.name}`, "--watch"],
            ),
          },
        ],
      },
    ];
  });
}
