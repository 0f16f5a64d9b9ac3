import { killOf, type Meaning, meaningOf, type Termination } from "#common/kubernetes/termination.ts";
import { nextStep } from "#common/kubernetes/termination-steps.ts";
import { describeEnd } from "#common/kubernetes/termination-words.ts";
import type { Text } from "#common/text.ts";
import { type PodKill, pickKill } from "../ended-pods.ts";
import type { SeenContainer } from "./pick-pod.ts";
import { type Candidate, hears, nodePressure, type Scene, type Signal, when } from "./scene.ts";

/** Why a container ends again and again, or ended for good. */

type Kills = { scene: Scene; container: SeenContainer; kills: PodKill[] };

function killsOf({ events, pod }: Scene, container: SeenContainer): PodKill[] {
  return events
    .filter((event) => event.reason === "Killing" && event.container === container.name)
    .flatMap((event) => {
      const kill = pickKill({
        metadata: {},
        involvedObject: { uid: pod.uid, fieldPath: `spec.containers{${container.name}}` },
        message: event.message,
        count: event.count,
        firstTimestamp: event.since,
        lastTimestamp: event.at,
      });
      return kill ?? [];
    });
}

function endOf({ current, last }: SeenContainer): { end: Termination; current: boolean } | undefined {
  const end = current ?? last;
  return end && { end, current: end === current };
}

const resolving =
  /no such host|name resolution|could not resolve|getaddrinfo|NXDOMAIN|UnknownHostException|server misbehaving/i;
const configuring =
  /config|environment variable|env var|missing (required )?(key|setting|option|argument|property)|unknown (flag|option)|invalid (value|option|argument|flag)|unable to parse|cannot parse/i;

function own(code: string, name: Text, step: Text, signals: Signal[]): Candidate[] {
  const score = signals.reduce((sum, { points }) => sum + points, 0);
  return signals.some(({ points }) => points > 0) ? [{ code, name, step, signals, score }] : [];
}

/** A program that ends by itself: what it left as its message is all that the API server knows of the reason. */
function refinements(end: Termination): Candidate[] {
  const said = end.message ?? "";
  const words = {
    en: `its termination message: ${said.slice(0, 160)}`,
    "zh-CN": `它的终止信息：${said.slice(0, 160)}`,
  };
  return [
    ...own(
      "name-resolution-failed",
      { en: "the program gives up because a name does not resolve", "zh-CN": "程序因为域名无法解析而退出" },
      {
        en: "Resolve the name from a pod on the same node; look at CoreDNS, at the search list, at network policies.",
        "zh-CN": "在同一节点的 Pod 里解析这个名字；检查 CoreDNS、search 列表和网络策略。",
      },
      when(resolving.test(said), 8.5, words),
    ),
    ...own(
      "configuration-wrong",
      { en: "the program gives up because of its configuration", "zh-CN": "程序因为自身配置有误而退出" },
      {
        en: "Its message names the setting; compare ConfigMap, Secret and environment with what this version expects.",
        "zh-CN": "它留下的信息指明了配置项；把 ConfigMap、Secret 和环境变量与该版本的要求对照。",
      },
      when(configuring.test(said), 7.5, words),
    ),
  ];
}

/** 137 makes people think of memory. What speaks for and against it, said openly. */
function memoryDoubt({ scene, container }: Kills, end: Termination, meaning: Meaning): Candidate[] {
  const limit = container.memoryLimit;
  const oom = meaning === "out-of-memory" || meaning === "out-of-memory-child";
  if (!oom && end.exitCode !== 137) return [];
  return own(
    "node-out-of-memory",
    { en: "the node itself ran out of memory", "zh-CN": "节点自身内存耗尽（系统 OOM）" },
    {
      en: "Give every container on the node a memory request that is true, and a limit; see who grew.",
      "zh-CN": "给节点上每个容器设置真实的内存 request 和 limit；看是谁在增长。",
    },
    [
      ...nodePressure(scene, "MemoryPressure", 4),
      ...when(oom && container.unlimited === true, 7, {
        en: "the container has no memory limit of its own that it could have reached",
        "zh-CN": "容器自己没有内存上限，不可能是撞到了上限",
      }),
      ...when(oom && limit !== undefined, -1, {
        en: `the container has a limit of ${limit} that it can reach before`,
        "zh-CN": `容器自己有 ${limit} 的上限，会先撞到它`,
      }),
      ...when(!oom, 1, {
        en: "exit code 137 is SIGKILL, which the kernel sends when memory runs out",
        "zh-CN": "退出码 137 是 SIGKILL，内存耗尽时内核会发它",
      }),
      ...when(!oom, -4, { en: "the reason is not OOMKilled", "zh-CN": "原因字段不是 OOMKilled" }),
      ...hears(scene, 3, /SystemOOM|System OOM/),
    ],
  );
}

/** These say how it ended and leave open why. */
const halfAnswers: ReadonlySet<Meaning> = new Set(["killed", "terminated", "status-lost"]);

function meaningSignals({ container, kills }: Kills, end: Termination, meaning: Meaning): Signal[] {
  const kill = killOf(end, kills);
  return [
    {
      points: halfAnswers.has(meaning) ? 3 : 6,
      words: {
        en: `container ${container.name} ended with code ${end.exitCode}, reason ${end.reason ?? "none"}`,
        "zh-CN": `容器 ${container.name} 以退出码 ${end.exitCode} 结束，原因字段：${end.reason ?? "无"}`,
      },
    },
    ...when(container.restarts > 0, 1, {
      en: `${container.restarts} restarts`,
      "zh-CN": `重启了 ${container.restarts} 次`,
    }),
    ...(kill
      ? [
          {
            points: 2,
            words: {
              en: `event Killing (${kill.cause}), ${kill.count} times, last at ${kill.at}`,
              "zh-CN": `事件 Killing（${kill.cause}）出现 ${kill.count} 次，最近一次在 ${kill.at}`,
            },
          },
        ]
      : []),
  ];
}

/** Where a container's own end explains the pod: the meaning of that end, and what else it might be. */
export function endedCandidates(scene: Scene): Candidate[] {
  const { container, pod } = scene;
  const ended = container && endOf(container);
  if (!container || !ended) return [];
  const kills = killsOf(scene, container);
  const { end, current } = ended;
  const meaning = meaningOf(end, {
    current,
    deleted: false,
    keptRunning: pod.always && container.role !== "init",
    kills,
    ...(pod.reason && { podReason: pod.reason }),
    ...(pod.disruption !== undefined && { disruption: pod.disruption }),
  });
  if (!meaning) return [];
  const told = {
    podReason: pod.reason,
    podMessage: pod.message,
    disruption: pod.disruption,
  };
  const finished = pod.phase === "Failed";
  const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  const name = describeEnd(meaning, {
    end,
    pod: { ...known, finished },
    kills,
    eventsRead: scene.eventsRead,
    role: container.role,
  });
  const around = { scene, container, kills };
  return [
    ...own(meaning, name, nextStep(meaning), meaningSignals(around, end, meaning)),
    ...(meaning === "application-error" ? refinements(end) : []),
    ...memoryDoubt(around, end, meaning),
  ];
}
