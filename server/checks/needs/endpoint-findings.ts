import { selectorText } from "#common/kubernetes/label-selector.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { EndpointPod, EndpointsFact, SelectingService, SliceFact } from "./endpoint-facts.ts";
import { affectedPods, compare } from "./owners.ts";

type Place = { namespace: string; name: string };

export const subjectOf = ({ namespace, name }: Place): Subject => ({ kind: "Service", namespace, name });

function podsStep({ namespace, selector }: SelectingService): RemedyStep {
  return {
    purpose: "inspect",
    text: {
      en: "The pods it selects, and whether they are ready.",
      "zh-CN": "看它选中了哪些 Pod，是否就绪。",
    },
    command: shellCommand(
      ...["kubectl", "get", "pods", "--namespace", namespace],
      ...["--selector", selectorText({ matchLabels: selector }), "--output", "wide"],
    ),
  };
}

export function slicesStep(purpose: RemedyStep["purpose"], { namespace, name }: Place): RemedyStep {
  return {
    purpose,
    text: {
      en: "The slices of the Service and their addresses.",
      "zh-CN": "这个 Service 的 EndpointSlice 及其地址。",
    },
    command: shellCommand(
      ...["kubectl", "get", "endpointslices", "--namespace", namespace],
      ...["--selector", `kubernetes.io/service-name=${name}`],
    ),
  };
}

/** Why nobody answers at a Service's address: no pods, none ready, or no port of that name. */
export function silentService(service: SelectingService, pods: EndpointPod[], isIdle: boolean): Finding[] {
  const words = selectorText({ matchLabels: service.selector });
  const common = { subject: subjectOf(service), affected: affectedPods(pods) };
  if (pods.length === 0) {
    if (isIdle) return [];
    return [
      {
        verdict: "warn",
        code: "no-pods",
        subject: common.subject,
        message: {
          en: `Service ${service.name} selects ${words}, and no pod of the namespace has these labels: it has no endpoints, connections are refused.`,
          "zh-CN": `Service ${service.name} 的选择器是 ${words}，命名空间里没有带这些标签的 Pod：没有端点，连接会被拒绝。`,
        },
        observed: { en: "0 pods", "zh-CN": "0 个 Pod" },
        expected: { en: "at least 1 ready pod", "zh-CN": "至少 1 个就绪的 Pod" },
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Compare with the labels of the pods.", "zh-CN": "和 Pod 的标签对照。" },
            command: shellCommand(
              "kubectl",
              "get",
              "pods",
              "--namespace",
              service.namespace,
              "--show-labels",
            ),
          },
        ],
      },
    ];
  }
  const findings: Finding[] = [];
  if (!service.unready && pods.every(({ ready }) => !ready))
    findings.push({
      verdict: "fail",
      code: "none-ready",
      ...common,
      message: {
        en: `Service ${service.name} selects ${pods.length === 1 ? "1 pod, which is" : `${pods.length} pods, none of which is`} ${pods.length === 1 ? "not ready" : "ready"}: it has no endpoints that take traffic.`,
        "zh-CN": `Service ${service.name} 选中了 ${pods.length} 个 Pod，但没有一个就绪：没有能接流量的端点。`,
      },
      observed: { en: `0 of ${pods.length} pods ready`, "zh-CN": `${pods.length} 个 Pod 都没有就绪` },
      expected: { en: "at least 1 ready pod", "zh-CN": "至少 1 个就绪的 Pod" },
      remedy: [podsStep(service), slicesStep("verify", service)],
    });
  const unknown = service.named.filter((port) => !pods.some(({ ports }) => ports.includes(port)));
  const named = [...new Set(pods.flatMap(({ ports }) => ports))].sort(compare);
  if (unknown.length > 0)
    findings.push({
      verdict: "fail",
      code: "no-such-port",
      ...common,
      message: {
        en: `Service ${service.name} leads to the port named ${unknown.join(", ")}, and no container of its ${pods.length === 1 ? "pod" : `${pods.length} pods`} has a port of that name: that port has no endpoints.`,
        "zh-CN": `Service ${service.name} 指向名为 ${unknown.join("、")} 的端口，但它的 ${pods.length} 个 Pod 里没有容器声明这个名字：该端口没有端点。`,
      },
      observed: {
        en: `named ports of the pods: ${named.join(", ") || "none"}`,
        "zh-CN": `Pod 的具名端口：${named.join("、") || "无"}`,
      },
      expected: unknown.join(", "),
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Name the port in the pod template as the Service does, or give the Service the number.",
            "zh-CN": "在 Pod 模板里使用 Service 所用的端口名，或者在 Service 里直接写端口号。",
          },
          command: shellCommand("kubectl", "edit", "service", service.name, "--namespace", service.namespace),
        },
      ],
    });
  return findings;
}

/** The controllers have not followed: slices and the old Endpoints against the pods that are there. */
export function outOfStep(
  service: SelectingService,
  pods: EndpointPod[],
  slices: SliceFact[],
  endpoints: EndpointsFact | undefined,
): Finding[] {
  const sum = (of: "ready" | "notReady") => slices.reduce((total, slice) => total + slice[of], 0);
  const takers = pods.filter(({ ready }) => ready || service.unready).length;
  const findings: Finding[] = [];
  // One more or less may have come between the two lists; all or nothing has not.
  if ((takers > 0 && sum("ready") === 0) || (takers === 0 && pods.length > 0 && sum("ready") > 0))
    findings.push({
      verdict: "fail",
      code: "slices-out-of-date",
      subject: subjectOf(service),
      message: {
        en: `${takers} pods of Service ${service.name} are ready, and its slices hold ${sum("ready")} ready addresses. The EndpointSlice controller does not follow.`,
        "zh-CN": `Service ${service.name} 有 ${takers} 个就绪的 Pod，而它的 EndpointSlice 里有 ${sum("ready")} 个就绪地址：EndpointSlice 控制器没有跟上。`,
      },
      observed: {
        en: `${sum("ready")} ready addresses in ${slices.length} slices`,
        "zh-CN": `${slices.length} 个 slice 里有 ${sum("ready")} 个就绪地址`,
      },
      expected: `${takers}`,
      remedy: [slicesStep("inspect", service), ...controllerSteps],
    });
  if (endpoints?.truncated)
    findings.push({
      verdict: "warn",
      code: "endpoints-truncated",
      subject: subjectOf(service),
      message: {
        en: `The Endpoints object of ${service.name} was cut at 1,000 addresses. Whoever still reads Endpoints does not see the rest of ${sum("ready") + sum("notReady")}.`,
        "zh-CN": `${service.name} 的 Endpoints 对象在 1000 个地址处被截断。仍在读 Endpoints 的程序看不到全部 ${sum("ready") + sum("notReady")} 个。`,
      },
      observed: {
        en: `${endpoints.ready + endpoints.notReady} addresses in Endpoints`,
        "zh-CN": `Endpoints 里有 ${endpoints.ready + endpoints.notReady} 个地址`,
      },
      expected: {
        en: `${sum("ready") + sum("notReady")}, as in the slices`,
        "zh-CN": `${sum("ready") + sum("notReady")} 个，与 slice 一致`,
      },
      remedy: [readSlices],
    });
  else if (endpoints && endpoints.ready > 0 !== sum("ready") > 0)
    findings.push({
      verdict: "warn",
      code: "endpoints-differ",
      subject: subjectOf(service),
      message: {
        en: `Endpoints of ${service.name} hold ${endpoints.ready} ready addresses and its slices ${sum("ready")}. kube-proxy reads the slices, older programs the Endpoints: they disagree on whether anybody is there.`,
        "zh-CN": `${service.name} 的 Endpoints 有 ${endpoints.ready} 个就绪地址，EndpointSlice 有 ${sum("ready")} 个。kube-proxy 读后者，老程序读前者：两边对“有没有人”说法不一。`,
      },
      observed: {
        en: `${endpoints.ready} in Endpoints, ${sum("ready")} in slices`,
        "zh-CN": `Endpoints 里 ${endpoints.ready} 个，slice 里 ${sum("ready")} 个`,
      },
      expected: { en: "the same", "zh-CN": "两者相同" },
      remedy: [slicesStep("inspect", service), readSlices],
    });
  return findings;
}

const readSlices: RemedyStep = {
  purpose: "fix",
  text: {
    en: "Let the program read EndpointSlices (discovery.k8s.io/v1). Endpoints are deprecated since Kubernetes 1.33.",
    "zh-CN": "让程序改读 EndpointSlice（discovery.k8s.io/v1）。Endpoints 从 Kubernetes 1.33 起已弃用。",
  },
};

const controllerSteps: RemedyStep[] = [
  {
    purpose: "inspect",
    text: { en: "Does the controller manager run, and lead?", "zh-CN": "控制器管理器是否在运行、是否当选？" },
    command: "kubectl --namespace kube-system get lease kube-controller-manager",
  },
];
