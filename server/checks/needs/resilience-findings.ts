import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { affectedPods, statusOf } from "./owners.ts";
import type { Guard, PlacedPod, Property } from "./resilience.ts";

/** A component behind a Service, and which of the four properties it lacks. */
export type Component = {
  owner: Subject;
  services: string[];
  replicas: number;
  guard: Guard;
  pods: PlacedPod[];
  lacks: Property[];
  /** its newest failure within the time looked at */
  failed?: PlacedPod;
};

const propertyHan: Record<Property, string> = {
  replication: "复制",
  containment: "遏制",
  isolation: "隔离",
  delegation: "委托",
};

const scalable = ["Deployment", "StatefulSet"];

function lackWords({ replicas, guard, pods, owner }: Component): Record<Property, Text> {
  const node = pods.find(({ node }) => node !== "")?.node ?? "";
  const unlimited = guard.unlimited.join(", ");
  const bare = owner.kind === "Pod";
  return {
    replication: { en: "replication (1 pod)", "zh-CN": "复制（只有 1 个 Pod）" },
    containment: {
      en: `containment (no memory limit on ${unlimited})`,
      "zh-CN": `遏制（${unlimited} 没有内存 limit）`,
    },
    isolation: {
      en: `isolation (all ${replicas} pods on ${node})`,
      "zh-CN": `隔离（${replicas} 个 Pod 都在 ${node}）`,
    },
    delegation: bare
      ? { en: "delegation (no controller makes it anew)", "zh-CN": "委托（没有控制器负责重建）" }
      : { en: "delegation (no readiness probe)", "zh-CN": "委托（没有就绪探针）" },
  };
}

function joined(component: Component): Text {
  const words = lackWords(component);
  return {
    en: component.lacks.map((one) => words[one].en).join("; "),
    "zh-CN": component.lacks.map((one) => words[one]["zh-CN"]).join("；"),
  };
}

function fixes({ owner, lacks, guard }: Component): RemedyStep[] {
  const place = ["--namespace", owner.namespace ?? ""];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  const known = scalable.includes(owner.kind);
  const steps: Record<Property, RemedyStep> = {
    replication: {
      purpose: "fix",
      text: {
        en: "Run a second replica if the program bears it; if not, say so where people look and plan for the outage.",
        "zh-CN": "程序允许的话就跑第二个副本；不允许，就在显眼处写明，并为停机做好准备。",
      },
      ...(known && { command: shellCommand("kubectl", "scale", target, ...place, "--replicas=2") }),
    },
    containment: {
      purpose: "fix",
      text: {
        en: "Limit memory, from what it uses at its busiest with head-room: a leak then ends this container and not its node.",
        "zh-CN": "按高峰用量加余量设置内存 limit：泄漏只会结束这个容器，而不会拖垮节点。",
      },
      ...(known && {
        command: shellCommand(
          ...["kubectl", "set", "resources", target, ...place],
          ...["--containers", guard.unlimited.join(","), "--limits=memory=512Mi"],
        ),
      }),
    },
    isolation: {
      purpose: "fix",
      text: {
        en: "Spread the replicas over nodes with a topology spread constraint (kubernetes.io/hostname, maxSkew 1), then restart the rollout.",
        "zh-CN": "用拓扑分布约束（kubernetes.io/hostname，maxSkew 1）把副本分散到不同节点，然后重新滚动。",
      },
      ...(known && { command: shellCommand("kubectl", "rollout", "restart", target, ...place) }),
    },
    delegation: {
      purpose: "fix",
      text:
        owner.kind === "Pod"
          ? { en: "Let a Deployment own the pod.", "zh-CN": "让 Deployment 来管理这个 Pod。" }
          : {
              en: "Give it a readiness probe: then the Service, not its clients, finds out that it cannot answer.",
              "zh-CN": "加上就绪探针：由 Service 而不是客户端去发现它不能应答。",
            },
    },
  };
  return lacks.map((one) => steps[one]);
}

function failedMessage({ services, failed, owner }: Component, lacks: Text): Text {
  const { failure } = failed ?? {};
  const what = `${failure?.reason} ${failure?.exitCode}`;
  return {
    en: `${owner.kind} ${owner.name} failed at ${failure?.at} (${what}) and was alone behind Service ${services.join(", ")}: its clients felt it. It lacks ${lacks.en}.`,
    "zh-CN": `${owner.kind} ${owner.name} 在 ${failure?.at} 发生失败（${what}），而 Service ${services.join("、")} 背后只有它：客户端受到了影响。它缺少：${lacks["zh-CN"]}。`,
  };
}

export function resilienceFinding(component: Component): Finding {
  const { owner, services, pods, lacks, failed, replicas } = component;
  const words = joined(component);
  return {
    verdict: failed ? "fail" : "warn",
    code: failed ? "failure-reached-clients" : "not-resilient",
    subject: owner,
    affected: affectedPods(pods),
    message: failed
      ? failedMessage(component, words)
      : {
          en: `${owner.kind} ${owner.name} behind Service ${services.join(", ")} lacks ${lacks.length} of the four properties: ${words.en}.`,
          "zh-CN": `Service ${services.join("、")} 背后的 ${owner.kind} ${owner.name} 缺少四个属性中的 ${lacks.length} 个：${words["zh-CN"]}。`,
        },
    observed: {
      en: `${replicas} replica${replicas === 1 ? "" : "s"}; lacks ${lacks.join(", ")}`,
      "zh-CN": `${replicas} 个副本；缺少${lacks.map((one) => propertyHan[one]).join("、")}`,
    },
    expected: {
      en: "replication, containment, isolation, delegation",
      "zh-CN": "复制、遏制、隔离、委托都做到",
    },
    ...(failed?.failure && {
      evidence: [
        {
          source: statusOf(failed),
          excerpt: JSON.stringify({ restarts: failed.restarts, lastFailure: failed.failure }),
        },
      ],
    }),
    remedy: [
      ...fixes(component),
      {
        purpose: "verify",
        text: {
          en: "Delete one pod while requests are running: none of them fails.",
          "zh-CN": "在有请求时删除一个 Pod：没有请求失败。",
        },
        command: shellCommand(
          "kubectl",
          "get",
          "pods",
          "--namespace",
          owner.namespace ?? "",
          "--output",
          "wide",
        ),
      },
    ],
  };
}
