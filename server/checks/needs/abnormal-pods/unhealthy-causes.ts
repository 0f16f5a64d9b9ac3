import {
  type Cause,
  hears,
  nodeNotReporting,
  nodePressure,
  nodeSilent,
  type Scene,
  type Signal,
  when,
} from "./scene.ts";

/** Why a pod runs and is not ready. */

const probeOf = ({ container }: Scene, kind: "readiness" | "startup") =>
  container?.probes?.find((one) => one.kind === kind);

function unreadyOnly({ pod }: Scene): Signal[] {
  const containersReady = !pod.conditions.some(({ type }) => type === "ContainersReady");
  return when(containersReady, 2, {
    en: "ContainersReady is True: only the node's controller took Ready away",
    "zh-CN": "ContainersReady 为 True：Ready 只是被节点控制器收走的",
  });
}

function undeclaredPort(scene: Scene): Signal[] {
  const port = probeOf(scene, "readiness")?.port;
  const ports = scene.container?.ports ?? [];
  if (port === undefined || ports.length === 0 || ports.includes(port)) return [];
  return [
    {
      points: 2,
      words: {
        en: `the probe asks port ${port}; the container declares ${ports.join(", ")}`,
        "zh-CN": `探针访问端口 ${port}，而容器声明的是 ${ports.join("、")}`,
      },
    },
  ];
}

const busy = (scene: Scene) =>
  ["MemoryPressure", "PIDPressure"].flatMap((type) => nodePressure(scene, type, 1));
const failed = "^Unhealthy: Readiness probe (failed|errored)";

export const unhealthyCauses: Cause[] = [
  {
    ...nodeNotReporting,
    weigh: (scene) => {
      const silent = nodeSilent(scene, 9);
      return silent.length > 0 ? [...silent, ...unreadyOnly(scene)] : [];
    },
  },
  {
    code: "readiness-gate-unmet",
    name: { en: "a readiness gate is not met", "zh-CN": "readinessGate 条件没有满足" },
    step: {
      en: "The controller behind the gate sets the condition (a load balancer's, for example); look there, not at the container.",
      "zh-CN": "条件由对应的控制器设置（例如负载均衡控制器）；去看它，而不是容器。",
    },
    weigh: ({ pod }) => {
      const unmet = (pod.gates ?? []).filter((gate) => pod.conditions.some(({ type }) => type === gate));
      const unset = pod.conditions.some(({ reason }) => reason === "ReadinessGatesNotReady");
      return when(unmet.length > 0 || unset, 9, {
        en: `readiness gate ${(unmet[0] ?? pod.gates?.[0]) || "of the pod"} is not True`,
        "zh-CN": `就绪门 ${(unmet[0] ?? pod.gates?.[0]) || "（Pod 上的）"}不是 True`,
      });
    },
  },
  {
    code: "startup-unfinished",
    name: { en: "its startup probe has not succeeded yet", "zh-CN": "启动探针还没有成功过" },
    step: {
      en: "Give failureThreshold × periodSeconds the longest start you have seen; look at what the start waits for.",
      "zh-CN": "让 failureThreshold × periodSeconds 覆盖见过的最长启动时间，并看启动在等什么。",
    },
    weigh: (scene) => [
      ...when(probeOf(scene, "startup") !== undefined && scene.container?.started === false, 5, {
        en: `container ${scene.container?.name} is not started`,
        "zh-CN": `容器 ${scene.container?.name} 还没有算作已启动`,
      }),
      ...hears(scene, 3, /Startup probe failed/),
    ],
  },
  {
    code: "readiness-port-closed",
    name: { en: "nothing listens where its readiness probe asks", "zh-CN": "就绪探针访问的端口没有进程监听" },
    step: {
      en: "Compare the probe's port with what the process listens on (not only 127.0.0.1), and see in the log whether it got that far.",
      "zh-CN":
        "把探针端口与进程实际监听的端口对照（不能只监听 127.0.0.1），并从日志看它是否走到了监听那一步。",
    },
    weigh: (scene) => {
      const heard = hears(scene, 8, new RegExp(`${failed}.*connection refused`, "is"));
      return heard.length > 0 ? [...heard, ...undeclaredPort(scene)] : [];
    },
  },
  {
    code: "readiness-timeout",
    name: { en: "its readiness probe gets no answer in time", "zh-CN": "就绪探针超时" },
    step: {
      en: "See whether the process hangs, the node is overloaded or its accept queue overflows (SYN backlog too small); only then raise timeoutSeconds.",
      "zh-CN":
        "先看进程是否卡住、节点是否过载、全连接/半连接队列是否溢出（SYN backlog 过小），最后才考虑调大 timeoutSeconds。",
    },
    weigh: (scene) => {
      const heard = hears(
        scene,
        7,
        new RegExp(`${failed}.*(deadline exceeded|Client\\.Timeout|timed out|i/o timeout)`, "is"),
      );
      const seconds = probeOf(scene, "readiness")?.timeoutSeconds;
      return heard.length === 0
        ? []
        : [
            ...heard,
            ...when(seconds === 1, 1, { en: "timeoutSeconds is 1", "zh-CN": "timeoutSeconds 只有 1 秒" }),
            ...busy(scene),
          ];
    },
  },
  {
    code: "readiness-answers-error",
    name: { en: "its readiness endpoint answers with an error", "zh-CN": "就绪检查接口返回了错误状态码" },
    step: {
      en: "Ask the endpoint yourself; most report a dependency. A dependency of everybody makes everybody unready at once.",
      "zh-CN": "自己访问一次这个接口；多半是在报告某个依赖。所有服务共同的依赖会让大家同时未就绪。",
    },
    weigh: (scene) => hears(scene, 8, new RegExp(`${failed}.*(statuscode: \\d|HTTP probe failed)`, "is")),
  },
  {
    code: "readiness-command-failed",
    name: { en: "its readiness probe's command fails", "zh-CN": "就绪探针的命令执行失败" },
    step: {
      en: "Run the command in the container; the event holds the end of its output.",
      "zh-CN": "在容器里执行一次这个命令；事件里有它输出的最后部分。",
    },
    weigh: (scene) => {
      const exec = probeOf(scene, "readiness")?.port === undefined;
      return exec ? hears(scene, 6, new RegExp(failed, "i")) : [];
    },
  },
  {
    code: "readiness-failed",
    name: { en: "its readiness probe does not succeed", "zh-CN": "就绪探针没有成功" },
    step: {
      en: "The event Unhealthy of the pod says what the probe met.",
      "zh-CN": "Pod 的 Unhealthy 事件会说明探针遇到了什么。",
    },
    weigh: (scene) => {
      const { container } = scene;
      const running = container?.runningSince !== undefined && !container.ready;
      return when(running && probeOf(scene, "readiness") !== undefined, 3, {
        en: `container ${container?.name} runs, has a readiness probe and is not ready`,
        "zh-CN": `容器 ${container?.name} 在运行，有就绪探针，但没有就绪`,
      });
    },
  },
];
