import type { Text } from "#common/text.ts";
import { creatingCauses, initCauses } from "./creating-causes.ts";
import { endedCandidates } from "./ended-causes.ts";
import { imageCauses } from "./image-causes.ts";
import { pendingCauses } from "./pending-causes.ts";
import { removedCauses } from "./removed-causes.ts";
import { byScore, type Candidate, type Cause, ranked, type Said, type Scene, type State } from "./scene.ts";
import { terminatingCauses } from "./terminating-causes.ts";
import { unhealthyCauses } from "./unhealthy-causes.ts";

export type Diagnosis = {
  first: Candidate;
  others: Candidate[];
  ruledOut: Candidate[];
  sure: boolean;
  explained: boolean;
};

const causesOf: Record<State, readonly Cause[]> = {
  pending: pendingCauses,
  creating: creatingCauses,
  image: imageCauses,
  init: initCauses,
  crash: [],
  unhealthy: unhealthyCauses,
  terminating: terminatingCauses,
  ended: removedCauses,
};

const unexplained: Record<State, string> = {
  pending: "pending-unexplained",
  creating: "creation-unexplained",
  image: "image-pull-unexplained",
  init: "init-unexplained",
  crash: "crash-unexplained",
  unhealthy: "not-ready-unexplained",
  terminating: "terminating-unexplained",
  ended: "end-unexplained",
};

const noName: Text = {
  en: "nothing that could be read says why",
  "zh-CN": "能读到的信息里没有说明原因",
};

/** A cause whose evidence reaches this, and leads by this much, is stated; any other is offered. */
const sureScore = 6;
const sureLead = 2;

function nothing(state: State, { eventsRead }: Scene): Candidate {
  const step: Text = eventsRead
    ? {
        en: "Look at the kubelet's log of that node and at the runtime; events live for an hour only.",
        "zh-CN": "查看该节点的 kubelet 日志和运行时；事件只保留一小时。",
      }
    : {
        en: "Let the credential list events: for this state they alone tell the reason.",
        "zh-CN": "给凭据加上列出事件的权限：这种状态的原因只写在事件里。",
      };
  return { code: unexplained[state], name: noName, step, signals: [], score: 0 };
}

/** All causes of the pod's state, weighed by what is known around it. */
export function diagnose(scene: Scene): Diagnosis {
  const candidates = [
    ...ranked(causesOf[scene.state], scene),
    ...(scene.state === "crash" || scene.state === "ended" ? endedCandidates(scene) : []),
  ].sort(byScore);
  const ruledOut = candidates.filter(({ score }) => score <= 0);
  const [first, ...others] = candidates.filter(({ score }) => score > 0);
  if (!first)
    return { first: nothing(scene.state, scene), others: [], ruledOut, sure: false, explained: false };
  const lead = first.score - (others[0]?.score ?? 0);
  return { first, others, ruledOut, sure: first.score >= sureScore && lead >= sureLead, explained: true };
}

/** Everything that was said about a pod, the standing word of its status before events, which may be old. */
export function sayings({ pod, events }: Pick<Scene, "pod" | "events">): Said[] {
  return [
    ...pod.conditions.flatMap(({ type, message }) =>
      // It only repeats which containers are not ready.
      message && !message.startsWith("containers with ")
        ? [{ source: `condition ${type}`, text: message, times: 1 }]
        : [],
    ),
    ...pod.containers.flatMap(({ name, waitingMessage }) =>
      waitingMessage ? [{ source: `status of container ${name}`, text: waitingMessage, times: 1 }] : [],
    ),
    ...events
      .toSorted((a, b) => (a.at === b.at ? (a.message < b.message ? -1 : 1) : a.at < b.at ? 1 : -1))
      .map((event) => ({
        source: `event ${event.reason}`,
        text: `${event.reason}: ${event.message}`,
        times: event.count,
        event,
      })),
  ];
}
