import { annotatePods } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { affectedPods, compare } from "./owners.ts";
import type { ProxiedPod, Restart } from "./proxy-start.ts";

export type RaceCode = "fell-at-start" | "init-cut-off" | "hold-without-effect" | "starts-before-proxy";
export type RaceCase = { pod: ProxiedPod; evidence: Restart[] };
export type RaceGroup = { owner: Subject; code: RaceCode; cases: RaceCase[] };

const hold: Record<string, string> = { "proxy.istio.io/config": '{"holdApplicationUntilProxyStarts":true}' };
const holdLinkerd: Record<string, string> = { "config.linkerd.io/proxy-await": "enabled" };

function fix(owner: Subject, { proxy }: ProxiedPod): RemedyStep {
  if (proxy === "istio-proxy") return annotatePods(owner, hold, []);
  if (proxy === "linkerd-proxy") return annotatePods(owner, holdLinkerd, []);
  return {
    purpose: "fix",
    text: {
      en: "Let the mesh inject its proxy as a native sidecar (an init container with restartPolicy Always).",
      "zh-CN": "让网格把代理注入为原生 sidecar（restartPolicy 为 Always 的 init 容器）。",
    },
  };
}

const native: RemedyStep = {
  purpose: "fix",
  text: {
    en: "Better still on Kubernetes 1.29 and later: native sidecars, which Istio injects by itself since 1.27 (before: ENABLE_NATIVE_SIDECARS=true on istiod). Then restart the workload.",
    "zh-CN":
      "Kubernetes 1.29 起更好的办法是原生 sidecar：Istio 1.27 起默认如此注入（更早的版本要给 istiod 设 ENABLE_NATIVE_SIDECARS=true），然后重启工作负载。",
  },
};

function message(code: RaceCode, pods: number, { pod, evidence }: RaceCase): Text {
  const [first] = evidence;
  const told = first ? `${first.container}, exit code ${first.exitCode}, at ${first.at}` : "";
  const toldHan = first ? `${first.container}，退出码 ${first.exitCode}，${first.at}` : "";
  const count = pods === 1 ? "1 pod" : `${pods} pods`;
  switch (code) {
    case "fell-at-start":
      return {
        en: `In ${count} the application starts before ${pod.proxy} is ready, and it has failed for it: ended with an error while the pod was starting and not since (${told}).`,
        "zh-CN": `${pods} 个 Pod 里的应用先于 ${pod.proxy} 就绪启动，并且已经因此失败过：只在 Pod 启动期间出错退出，之后再没有（${toldHan}）。`,
      };
    case "init-cut-off":
      return {
        en: `In ${count} an init container runs after traffic was redirected and before ${pod.proxy} exists: nothing it calls can answer (${told}).`,
        "zh-CN": `${pods} 个 Pod 里有 init 容器在流量重定向之后、${pod.proxy} 启动之前运行：它访问什么都不会有应答（${toldHan}）。`,
      };
    case "hold-without-effect":
      return {
        en: `In ${count} ${pod.proxy} has a hook that waits until it is ready, but it is not the first container: those before it have started by then.`,
        "zh-CN": `${pods} 个 Pod 里的 ${pod.proxy} 带有等待就绪的钩子，但它不是第一个容器：排在前面的容器早已启动。`,
      };
    case "starts-before-proxy":
      return {
        en: `In ${count} the application may start before ${pod.proxy} is ready; what it connects to in those seconds fails.`,
        "zh-CN": `${pods} 个 Pod 里的应用可能先于 ${pod.proxy} 就绪启动，这几秒内的对外连接都会失败。`,
      };
  }
}

function orderOf({ proxy, order }: RaceCase["pod"]): Text {
  if (order === "late-hold")
    return { en: `${proxy}: held, but not first`, "zh-CN": `${proxy}：有等待钩子，但不在第一位` };
  if (order === "held") return { en: `${proxy}: held`, "zh-CN": `${proxy}：有等待钩子` };
  return { en: `${proxy}: not waited for`, "zh-CN": `${proxy}：没有等待它就绪` };
}

export function raceFinding({ owner, code, cases }: RaceGroup): Finding | undefined {
  const [first] = cases.toSorted((a, b) => compare(a.pod.name, b.pod.name));
  if (!first) return undefined;
  const { pod, evidence } = first;
  const place = ["--namespace", pod.namespace];
  return {
    verdict: code === "fell-at-start" || code === "init-cut-off" ? "fail" : "warn",
    code,
    subject: owner,
    affected: affectedPods(cases.map((one) => one.pod)),
    message: message(code, cases.length, first),
    observed: orderOf(pod),
    expected: {
      en: "a native sidecar, or the first container with a hook that waits",
      "zh-CN": "原生 sidecar，或放在第一位并带等待钩子",
    },
    ...(evidence.length > 0 && {
      evidence: [
        {
          source: {
            en: `pods/${pod.name} status (namespace ${pod.namespace}), started ${pod.startedAt}`,
            "zh-CN": `pods/${pod.name} 的状态（命名空间 ${pod.namespace}），启动于 ${pod.startedAt}`,
          },
          excerpt: {
            en: evidence
              .map(
                ({ container, count, exitCode, at }) =>
                  `${container}: exit code ${exitCode} at ${at}, ${count} restarts`,
              )
              .join("\n"),
            "zh-CN": evidence
              .map(
                ({ container, count, exitCode, at }) =>
                  `${container}：${at} 以退出码 ${exitCode} 结束，重启 ${count} 次`,
              )
              .join("\n"),
          },
        },
      ],
    }),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Compare when the containers started with when the proxy was ready.",
          "zh-CN": "对比各容器的启动时间与代理就绪的时间。",
        },
        command: shellCommand(
          "kubectl",
          "logs",
          pod.name,
          ...place,
          "--container",
          pod.proxy,
          "--tail",
          "50",
        ),
      },
      ...(code === "init-cut-off" ? [] : [fix(owner, pod)]),
      native,
      {
        purpose: "verify",
        text: {
          en: "In a new pod the proxy is an init container or stands first, and nothing restarts.",
          "zh-CN": "新 Pod 里代理是 init 容器或排在第一，且没有容器重启。",
        },
        command: shellCommand("kubectl", "get", "pods", ...place),
      },
    ],
  };
}
