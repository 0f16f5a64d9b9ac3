import { annotatePods } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject, Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type CapturePod, portList, type TargetedService } from "./istio-capture.ts";
import { carries } from "./istio-registry.ts";
import { affectedPods, compare } from "./owners.ts";

/** Traffic of pods that goes past their own proxy. */

/** Ports of the proxy and its agent inside every pod. */
const reserved = [15000, 15001, 15002, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090];
const prefix = "traffic.sidecar.istio.io/";

type Problem = { code: string; verdict: "warn" | "fail"; key: string; pod: CapturePod; part?: string };
type Group = Problem & { owner: Subject; pods: CapturePod[] };

function servicePort(
  pod: CapturePod,
  port: number,
  services: readonly TargetedService[],
): TargetedService | undefined {
  const named = new Set(pod.ports.filter((one) => one.port === port).map(({ name }) => name));
  return services.find(
    ({ namespace, selector, ports }) =>
      namespace === pod.namespace &&
      selector !== null &&
      carries(pod.labels, selector) &&
      ports.some(({ target }) => (typeof target === "number" ? target === port : named.has(target))),
  );
}

function problemsOf(
  pod: CapturePod,
  services: readonly TargetedService[],
  isPlain: (service: TargetedService) => boolean,
): Problem[] {
  const { capture } = pod;
  const found: Problem[] = [];
  for (const container of pod.asProxy)
    found.push({ code: "uid-of-proxy", verdict: "fail", key: container, part: container, pod });
  for (const { container, port } of pod.ports)
    if (reserved.includes(port))
      found.push({ code: "reserved-port", verdict: "fail", key: String(port), part: container, pod });
  for (const port of portList(capture.excludeInboundPorts)) {
    const service = servicePort(pod, port, services);
    if (service && !isPlain(service))
      found.push({ code: "excluded-service-port", verdict: "warn", key: `${port} ${service.name}`, pod });
  }
  const off = [
    ...(capture.includeOutboundIPRanges === "" ? ["includeOutboundIPRanges"] : []),
    ...(capture.includeInboundPorts === "" ? ["includeInboundPorts"] : []),
    ...(capture.excludeOutboundIPRanges?.split(",").includes("0.0.0.0/0") ? ["excludeOutboundIPRanges"] : []),
  ];
  if (off.length > 0) found.push({ code: "capture-off", verdict: "warn", key: off.join(", "), pod });
  const pairs = [
    ["excludeInboundPorts", "includeInboundPorts"],
    ["excludeOutboundIPRanges", "includeOutboundIPRanges"],
  ] as const;
  for (const [exclude, include] of pairs)
    if (capture[exclude] && capture[include] && capture[include] !== "*")
      found.push({ code: "exclude-without-effect", verdict: "warn", key: exclude, pod });
  return found;
}

const texts: Record<string, (group: Group) => { message: Text; observed: Words; expected: Words }> = {
  "uid-of-proxy": ({ key }) => ({
    message: {
      en: `Container ${key} runs as user or group 1337, which is the proxy's own: what it sends is taken for the proxy's and goes out past it, in plain text.`,
      "zh-CN": `容器 ${key} 以 1337 这个用户或组运行，而它属于代理：它发出的流量会被当成代理自己的，绕过代理以明文出去。`,
    },
    observed: { en: "runAsUser or runAsGroup 1337", "zh-CN": "runAsUser 或 runAsGroup 为 1337" },
    expected: { en: "any other id", "zh-CN": "其他任何 ID" },
  }),
  "reserved-port": ({ key, part }) => ({
    message: {
      en: `Container ${part} listens at ${key}, a port that the proxy of the same pod uses: one of the two cannot start, or its traffic is not captured.`,
      "zh-CN": `容器 ${part} 监听 ${key}，而同一个 Pod 的代理也用这个端口：要么有一方启动不了，要么流量不被捕获。`,
    },
    observed: `containerPort ${key}`,
    expected: { en: "a port outside 15000 to 15090", "zh-CN": "15000 到 15090 之外的端口" },
  }),
  "excluded-service-port": ({ key }) => {
    const [port, service] = key.split(" ");
    return {
      message: {
        en: `Port ${port} is excluded from capture, and Service ${service} leads to it. Callers in the mesh speak mutual TLS to pods with a proxy: here it arrives at the program itself. Policies do not hold for the port either.`,
        "zh-CN": `端口 ${port} 不被捕获，而 Service ${service} 正通向它。网格内的调用方对带代理的 Pod 使用双向 TLS，在这里会直接到达程序本身；策略对这个端口也不起作用。`,
      },
      observed: `excludeInboundPorts: ${port}`,
      expected: {
        en: `port ${port} captured, or tls.mode DISABLE for ${service}`,
        "zh-CN": `端口 ${port} 不排除，或为 ${service} 设置 tls.mode DISABLE`,
      },
    };
  },
  "capture-off": ({ key }) => ({
    message: {
      en: `${key} switches a whole direction off: the proxy runs and sees nothing of it.`,
      "zh-CN": `${key} 把整个方向都关掉了：代理照常运行，却什么也看不到。`,
    },
    observed: key,
    expected: {
      en: "no such annotation, or sidecar.istio.io/inject=false",
      "zh-CN": "去掉这个注解，或设 sidecar.istio.io/inject=false",
    },
  }),
  "exclude-without-effect": ({ key }) => ({
    message: {
      en: `${key} holds only where everything else is included ("*"). Here the list to include is explicit, and this annotation is ignored.`,
      "zh-CN": `${key} 只有在其余全部捕获（"*"）时才有效。这里已经明确列出要捕获的内容，这个注解会被忽略。`,
    },
    observed: { en: `${key} beside an explicit list`, "zh-CN": `${key} 与明确的列表同时存在` },
    expected: { en: "one of the two", "zh-CN": "二者取一" },
  }),
};

function fixOf({ owner, code, pod, key }: Group): RemedyStep[] {
  const edit = shellCommand(
    "kubectl",
    "edit",
    owner.kind.toLowerCase(),
    owner.name,
    "--namespace",
    owner.namespace ?? "",
  );
  const dropped: Record<string, string[]> = {
    "excluded-service-port": ["excludeInboundPorts"],
    "capture-off": key.split(", "),
    "exclude-without-effect": [key],
  };
  const verify: RemedyStep = {
    purpose: "verify",
    text: {
      en: "The rules in the pod say what is captured now.",
      "zh-CN": "Pod 里的规则会说明现在捕获什么。",
    },
    command: `kubectl debug ${shellCommand(pod.name, "--namespace", pod.namespace)} --image=nicolaka/netshoot --profile=netadmin --stdin --tty -- iptables -t nat -S`,
  };
  const annotations = dropped[code]?.map((name) => `${prefix}${name}`);
  if (annotations) return [annotatePods(owner, {}, annotations), verify];
  return [
    {
      purpose: "fix",
      text: {
        en: "Change it in the pod template; the pods are rolled.",
        "zh-CN": "在 Pod 模板里修改，会触发滚动更新。",
      },
      command: edit,
    },
    verify,
  ];
}

export function captureFindings(
  pods: readonly CapturePod[],
  services: readonly TargetedService[],
  isPlain: (service: TargetedService) => boolean,
  ownerOf: (pod: CapturePod) => Subject,
): Finding[] {
  const groups = new Map<string, Group>();
  for (const pod of pods)
    for (const problem of problemsOf(pod, services, isPlain)) {
      const owner = ownerOf(pod);
      const part = problem.part ?? problem.key;
      const at = [owner.namespace, owner.kind, owner.name, problem.code, part, problem.key].join("/");
      const group = groups.get(at) ?? { ...problem, owner, pods: [] };
      if (!group.pods.includes(pod)) group.pods.push(pod);
      groups.set(at, group);
    }
  const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
  return sorted.map((group) => ({
    verdict: group.verdict,
    code: group.code,
    subject: {
      ...group.owner,
      part: group.code === "reserved-port" ? `${group.part} ${group.key}` : group.key,
    },
    affected: affectedPods(group.pods),
    ...(texts[group.code]?.(group) ?? { message: { en: group.code, "zh-CN": group.code } }),
    remedy: fixOf(group),
  }));
}
