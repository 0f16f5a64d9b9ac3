import type { Words } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { SeenClaim, SeenEvent, SeenMap, SeenNode } from "./pick-around.ts";
import type { SeenContainer, SeenPod } from "./pick-pod.ts";

export const states = [
  "pending",
  "creating",
  "image",
  "init",
  "crash",
  "unhealthy",
  "terminating",
  "ended",
] as const;
export type State = (typeof states)[number];

export type Situation = { state: State; since: string; container?: SeenContainer };

/** A sentence that some component said about the pod. */
export type Said = { source: string; text: string; times: number; event?: SeenEvent };

/** Everything that is known around one abnormal pod; null where it could not be read. */
export type Scene = Situation & {
  pod: SeenPod;
  said: Said[];
  eventsRead: boolean;
  events: SeenEvent[];
  /** "gone": the pod names a node that is not there */
  node: SeenNode | "gone" | null;
  nodes: SeenNode[] | null;
  /** by "namespace/name" */
  claims: ReadonlyMap<string, SeenClaim> | null;
  maps: ReadonlyMap<string, SeenMap> | null;
  schedulerSilentSeconds: number | null;
  controllersSilentSeconds: number | null;
};

/** Something that speaks for a cause (points above 0) or against it. */
export type Signal = { points: number; words: Words };

export type Cause = {
  code: string;
  /** as the end of a sentence: "… because <name>" */
  name: Text;
  step: Text;
  weigh: (scene: Scene) => Signal[];
};

export type Candidate = Omit<Cause, "weigh"> & { signals: Signal[]; score: number };

/** Best first, with those that more speaks against than for: they are ruled out, which is worth saying. */
export function ranked(causes: readonly Cause[], scene: Scene): Candidate[] {
  return causes
    .map(({ weigh, ...cause }) => {
      const signals = weigh(scene);
      return { ...cause, signals, score: signals.reduce((sum, { points }) => sum + points, 0) };
    })
    .filter(({ signals }) => signals.some(({ points }) => points > 0))
    .sort(byScore);
}

export function byScore(a: Candidate, b: Candidate): number {
  return b.score - a.score || (a.code < b.code ? -1 : 1);
}

/** Whose words they are, and the words as they stand. */
function quoted({ source, text }: Said): Text {
  const [kind = "", ...name] = source.split(" ");
  const own = ({ condition: "条件", status: "状态", event: "事件" } as Record<string, string>)[kind] ?? kind;
  const whose = kind === "status" ? `容器 ${name.at(-1)} 的状态` : `${own} ${name.join(" ")} `;
  return { en: `${source} says: ${short(text)}`, "zh-CN": `${whose}写着：${short(text)}` };
}

function short(text: string): string {
  return text.length > 180 ? `${text.slice(0, 180)}…` : text;
}

/** The first sentence that matches, as a signal; said often it weighs a little more. */
export function hears(scene: Scene, points: number, pattern: RegExp): Signal[] {
  const heard = scene.said.filter(({ text }) => pattern.test(text));
  const [first] = heard;
  if (!first) return [];
  const times = Math.max(...heard.map((one) => one.times));
  const signals = [{ points, words: quoted(first) }];
  return times > 2
    ? [...signals, { points: 1, words: { en: `said ${times} times`, "zh-CN": `同样的话出现了 ${times} 次` } }]
    : signals;
}

export function when(holds: boolean, points: number, words: Words): Signal[] {
  return holds ? [{ points, words }] : [];
}

/** A node that does not report explains whatever stands still on it. */
export function nodeSilent(scene: Scene, points: number): Signal[] {
  if (scene.node === "gone")
    return [
      {
        points,
        words: {
          en: `node ${scene.pod.node} does not exist any more`,
          "zh-CN": `节点 ${scene.pod.node} 已经不存在`,
        },
      },
    ];
  if (scene.node === null || scene.node.ready === "True") return [];
  return [
    {
      points,
      words: {
        en: `node ${scene.node.name}: Ready is ${scene.node.ready} since ${scene.node.readySince}`,
        "zh-CN": `节点 ${scene.node.name} 的 Ready 自 ${scene.node.readySince} 起为 ${scene.node.ready}`,
      },
    },
  ];
}

export function nodePressure(scene: Scene, type: string, points: number): Signal[] {
  if (scene.node === null || scene.node === "gone") return [];
  if (scene.node.pressures.includes(type))
    return [
      {
        points,
        words: {
          en: `node ${scene.node.name} reports ${type}`,
          "zh-CN": `节点 ${scene.node.name} 报告了 ${type}`,
        },
      },
    ];
  return [];
}

export const nodeNotReporting: Pick<Cause, "code" | "name" | "step"> = {
  code: "node-not-reporting",
  name: {
    en: "its node does not report to the API server",
    "zh-CN": "它所在的节点没有向 API server 汇报",
  },
  step: {
    en: "Bring the node back, or, if the machine is surely off, say so with the taint node.kubernetes.io/out-of-service; only then do its pods and volumes move.",
    "zh-CN":
      "先恢复节点；如果确定机器已经关机，就给它打上 node.kubernetes.io/out-of-service 污点，它的 Pod 和卷才会转移。",
  },
};

/** The same in every state in which something is written to a node's disk. */
export const nodeDiskFull: Cause = {
  code: "node-disk-full",
  name: { en: "the disk of its node is full", "zh-CN": "节点磁盘已满" },
  step: {
    en: "Free space below the runtime's and the kubelet's folders (old images, logs, ended containers), then see what filled it.",
    "zh-CN": "清理运行时目录和 kubelet 目录（旧镜像、日志、已结束的容器），再查是什么把磁盘写满的。",
  },
  weigh: (scene) => [
    ...hears(scene, 9, /no space left on device|disk quota exceeded/i),
    ...nodePressure(scene, "DiskPressure", 3),
  ],
};
