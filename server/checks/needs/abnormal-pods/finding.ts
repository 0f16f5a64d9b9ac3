import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Evidence, Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { worstVerdict } from "#common/verdict.ts";
import { affectedPods, compare } from "../owners.ts";
import { argument, clause, observedOf } from "./argument.ts";
import type { Diagnosis } from "./diagnose.ts";
import type { Scene, State } from "./scene.ts";

export type Case = { scene: Scene; diagnosis: Diagnosis; verdict: "warn" | "fail" };
export type CaseGroup = { owner: Subject; code: string; cases: Case[] };

const stateWords: Record<State, Text> = {
  pending: { en: "waits for a node (Pending)", "zh-CN": "一直分不到节点（Pending）" },
  creating: {
    en: "has a node but no container (ContainerCreating)",
    "zh-CN": "有节点却起不来容器（ContainerCreating）",
  },
  image: { en: "cannot get its image (ImagePullBackOff)", "zh-CN": "拉不到镜像（ImagePullBackOff）" },
  init: { en: "is held up by an init container (Init)", "zh-CN": "卡在 init 容器（Init）" },
  crash: { en: "ends and is started again (CrashLoopBackOff)", "zh-CN": "反复退出重启（CrashLoopBackOff）" },
  unhealthy: { en: "runs and is not ready", "zh-CN": "在运行但没有就绪" },
  terminating: { en: "was deleted and does not go (Terminating)", "zh-CN": "已删除却不消失（Terminating）" },
  ended: { en: "ended for good (Failed)", "zh-CN": "已经结束（Failed）" },
};

const healthy: Record<State, Text> = {
  pending: { en: "placed on a node", "zh-CN": "已分到节点" },
  creating: { en: "containers running", "zh-CN": "容器在运行" },
  image: { en: "image pulled", "zh-CN": "镜像已拉取" },
  init: { en: "init containers completed", "zh-CN": "init 容器都已完成" },
  crash: { en: "keeps running", "zh-CN": "持续运行" },
  unhealthy: { en: "ready", "zh-CN": "就绪" },
  terminating: { en: "gone after its grace period", "zh-CN": "宽限期过后消失" },
  ended: { en: "runs, or completed with code 0", "zh-CN": "在运行，或以退出码 0 完成" },
};

function subjectWords({ scene }: Case, pods: number): Text {
  const container = scene.container?.name;
  const where = {
    en: container ? ` (container ${container})` : "",
    "zh-CN": container ? `（容器 ${container}）` : " ",
  };
  const state = stateWords[scene.state];
  const name = `${scene.pod.namespace}/${scene.pod.name}`;
  return pods === 1
    ? { en: `Pod ${name}${where.en} ${state.en}`, "zh-CN": `Pod ${name}${where["zh-CN"]}${state["zh-CN"]}` }
    : {
        en: `${pods} pods, ${name}${where.en} among them: each ${state.en}`,
        "zh-CN": `${pods} 个 Pod（例如 ${name}${where["zh-CN"]}）${state["zh-CN"]}`,
      };
}

function lead({ sure, explained }: Diagnosis): Text {
  if (!explained) return { en: "Cause unknown", "zh-CN": "原因不明" };
  return sure ? { en: "Cause", "zh-CN": "原因" } : { en: "Most likely", "zh-CN": "最可能的原因" };
}

function messageOf(one: Case, pods: number): Text {
  const { diagnosis, scene } = one;
  const [second] = diagnosis.others;
  const subject = subjectWords(one, pods);
  const beginning = lead(diagnosis);
  const silent = scene.eventsRead
    ? { en: "", "zh-CN": "" }
    : {
        en: " Events could not be read, so this is less certain.",
        "zh-CN": "事件读不到，结论因此不够可靠。",
      };
  return {
    en: `${subject.en}. ${beginning.en}: ${clause(diagnosis.first.name.en)}.${second ? ` Next in line: ${clause(second.name.en)}.` : ""}${silent.en}`,
    "zh-CN": `${subject["zh-CN"]}。${beginning["zh-CN"]}：${clause(diagnosis.first.name["zh-CN"])}。${second ? `其次：${clause(second.name["zh-CN"])}。` : ""}${silent["zh-CN"]}`,
  };
}

function evidenceOf({ scene, diagnosis }: Case): Evidence[] {
  const { pod, container, said } = scene;
  const place = `pods/${pod.name} (namespace ${pod.namespace})`;
  const status = {
    phase: pod.phase,
    ...(pod.reason && { reason: pod.reason }),
    ...(pod.message && { message: pod.message }),
    ...(pod.deletedAt && { deletionTimestamp: pod.deletedAt }),
    ...(pod.finalizers && { finalizers: pod.finalizers }),
    ...(pod.node && { node: pod.node }),
    ...(container && {
      container: {
        name: container.name,
        restartCount: container.restarts,
        ...(container.waiting && { waiting: container.waiting, message: container.waitingMessage }),
        ...(container.current && { terminated: container.current }),
        ...(container.last && { lastState: container.last }),
      },
    }),
  };
  const told = said.slice(0, 4).map(({ text, times, event }) => {
    const at = event?.at ? `, ${event.at}` : "";
    return `${text}${times > 1 || at ? ` (${times} ×${at})` : ""}`;
  });
  return [
    ...(diagnosis.explained
      ? [
          {
            source: {
              en: "for (+) and against (−) each cause",
              "zh-CN": "每个原因的支持（+）与反对（−）证据",
            },
            excerpt: argument(diagnosis),
          },
        ]
      : []),
    {
      source: { en: `${place}, status`, "zh-CN": `${place} 的状态` },
      excerpt: JSON.stringify(status),
    },
    ...(told.length > 0
      ? [
          {
            source: { en: `${place}, conditions and events`, "zh-CN": `${place} 的条件和事件` },
            excerpt: told.join("\n"),
          },
        ]
      : []),
  ];
}

function stepsOf({ scene, diagnosis }: Case): RemedyStep[] {
  const { pod, state, container } = scene;
  const place = ["--namespace", pod.namespace];
  const logs = state === "crash" || state === "ended" || state === "init" || state === "unhealthy";
  const inspect =
    logs && container
      ? shellCommand(
          ...["kubectl", "logs", pod.name, ...place, "--container", container.name, "--tail", "50"],
          ...(state === "crash" ? ["--previous"] : []),
        )
      : shellCommand("kubectl", "events", ...place, "--for", `pod/${pod.name}`);
  return [
    {
      purpose: "inspect",
      text:
        logs && container
          ? { en: "Read what the container said last.", "zh-CN": "看容器最后说了什么。" }
          : { en: "Read the pod's events while they are there.", "zh-CN": "趁事件还在，看 Pod 的事件。" },
      command: inspect,
    },
    { purpose: "fix", text: diagnosis.first.step },
    {
      purpose: "verify",
      text:
        state === "terminating"
          ? { en: "The pod is gone.", "zh-CN": "Pod 已经消失。" }
          : {
              en: "The pod, or the one that replaces it, is ready and stays so.",
              "zh-CN": "Pod（或替代它的 Pod）就绪，并保持下去。",
            },
      command: shellCommand("kubectl", "get", "pods", ...place),
    },
  ];
}

/** One finding for an owner and a cause, told by the pod that comes first among the worst. */
export function abnormalFinding({ owner, code, cases }: CaseGroup): Finding | undefined {
  const verdict = worstVerdict(cases.map((one) => one.verdict));
  const shown = cases
    .filter((one) => one.verdict === verdict)
    .toSorted((a, b) => compare(a.scene.pod.name, b.scene.pod.name))[0];
  if (!shown || verdict === "skip") return undefined;
  const { scene } = shown;
  return {
    verdict,
    code,
    subject: owner,
    affected: affectedPods(cases.map(({ scene }) => scene.pod)),
    message: messageOf(shown, cases.length),
    observed: observedOf(shown),
    expected: healthy[scene.state],
    evidence: evidenceOf(shown),
    remedy: stepsOf(shown),
  };
}
