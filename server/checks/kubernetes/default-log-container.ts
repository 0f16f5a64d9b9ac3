import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { annotatePods } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import {
  affectedPods,
  compare,
  type OwnedPod,
  ownerNeeds,
  ownerResolver,
  pickOwner,
} from "../needs/owners.ts";

const key = "kubectl.kubernetes.io/default-container";
const oldKey = "kubectl.kubernetes.io/default-logs-container";

type LoggedPod = OwnedPod & { ordinary: string[]; others: string[]; chosen?: string; chosenOldWay?: string };

function pick(pod: Pod): LoggedPod | undefined {
  const annotations = pod.metadata?.annotations ?? {};
  const ordinary = (pod.spec?.containers ?? []).map(({ name }) => name);
  const others = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.ephemeralContainers ?? [])];
  const chosen = annotations[key];
  const chosenOldWay = annotations[oldKey];
  // One container and no annotation: nothing there to choose.
  if (ordinary.length < 2 && chosen === undefined && chosenOldWay === undefined) return undefined;
  return {
    ...pickOwner(pod.metadata),
    ordinary,
    others: others.map(({ name }) => name),
    ...(chosen !== undefined && { chosen }),
    ...(chosenOldWay !== undefined && { chosenOldWay }),
  };
}

const codes = ["unknown-container", "deprecated-key", "no-default-container"] as const;
type Code = (typeof codes)[number];

/** What is wrong with a pod, worst first; one code a pod, since one patch mends it. */
function problemOf(pod: LoggedPod): Code | undefined {
  const names = [...pod.ordinary, ...pod.others];
  if (pod.chosen !== undefined) return names.includes(pod.chosen) ? undefined : "unknown-container";
  if (pod.chosenOldWay !== undefined)
    return names.includes(pod.chosenOldWay) ? "deprecated-key" : "unknown-container";
  return "no-default-container";
}

const proxies =
  /^(istio-proxy|linkerd-proxy|envoy|envoy-sidecar|vault-agent|cloud-sql-proxy|kuma-sidecar|daprd)$/;

/** The container a person most likely means: the one named the old way, else the first that is no known proxy. */
function proposal(pod: LoggedPod): string {
  if (pod.chosenOldWay !== undefined && pod.ordinary.includes(pod.chosenOldWay)) return pod.chosenOldWay;
  return pod.ordinary.find((name) => !proxies.test(name)) ?? pod.ordinary[0] ?? "";
}

function fix(owner: Subject, pod: LoggedPod): RemedyStep {
  const container = proposal(pod);
  const old = pod.chosenOldWay === undefined ? [] : [oldKey];
  return annotatePods(owner, { [key]: container }, old);
}

function message(code: Code, pod: LoggedPod, pods: number): Text {
  const names = pod.ordinary.join(", ");
  const count = { en: pods === 1 ? "1 pod" : `${pods} pods`, "zh-CN": `${pods} 个 Pod ` };
  if (code === "unknown-container") {
    const wrong = pod.chosen ?? pod.chosenOldWay ?? "";
    return {
      en: `The annotation of ${count.en} names "${wrong}", which is no container of the pod (${names}). Tools fall back to the first one.`,
      "zh-CN": `${count["zh-CN"]}的注解指向 "${wrong}",但 Pod 里没有这个容器（现有：${names}）。工具会退回到第一个容器。`,
    };
  }
  if (code === "deprecated-key")
    return {
      en: `${count.en} ${pods === 1 ? "chooses" : "choose"} ${pod.chosenOldWay} with ${oldKey}, which current kubectl no longer reads.`,
      "zh-CN": `${count["zh-CN"]}用 ${oldKey} 指定了 ${pod.chosenOldWay}，而现在的 kubectl 已不再读取这个键。`,
    };
  return {
    en: `${count.en} with ${pod.ordinary.length} containers (${names}) and no default: kubectl logs and exec take the first, ${pod.ordinary[0]}.`,
    "zh-CN": `${count["zh-CN"]}各有 ${pod.ordinary.length} 个容器（${names}），但没有指定默认容器：kubectl logs 和 exec 会取第一个 ${pod.ordinary[0]}。`,
  };
}

function finding(owner: Subject, code: Code, pods: LoggedPod[]): Finding | undefined {
  const [first] = pods.toSorted((a, b) => compare(a.name, b.name));
  if (!first) return undefined;
  return {
    verdict: code === "unknown-container" ? "fail" : "warn",
    code,
    subject: owner,
    affected: affectedPods(pods),
    message: message(code, first, pods.length),
    observed:
      code === "no-default-container"
        ? { en: "no annotation", "zh-CN": "没有这个注解" }
        : code === "deprecated-key"
          ? `${oldKey}: ${first.chosenOldWay}`
          : `${first.chosen === undefined ? oldKey : key}: ${first.chosen ?? first.chosenOldWay}`,
    expected:
      first.ordinary.length === 1
        ? `${key}: ${first.ordinary[0]}`
        : {
            en: `${key}: one of ${first.ordinary.join(", ")}`,
            "zh-CN": `${key}：${first.ordinary.join("、")} 之一`,
          },
    remedy: [fix(owner, first), ...verify(owner)],
  };
}

/** kubectl finds a pod by itself for all kinds but these. */
function verify({ kind, name, namespace = "" }: Subject): RemedyStep[] {
  if (!["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"].includes(kind)) return [];
  const target = kind === "Pod" ? name : `${kind.toLowerCase()}/${name}`;
  return [
    {
      purpose: "verify",
      text: {
        en: 'Without -c, kubectl now answers from the chosen container and prints no "Defaulted container" line.',
        "zh-CN": "不带 -c 时，kubectl 会读取所选容器，并且不再打印 Defaulted container。",
      },
      command: shellCommand("kubectl", "logs", target, "--namespace", namespace, "--tail", "1"),
    },
  ];
}

/**
 * Subject: the owner people deploy (see ownerResolver), no part; affected: its pods. One finding per owner and code.
 * Codes: unknown-container (fail), deprecated-key (warn), no-default-container (warn); of one pod only the first that
 * applies. Init containers, native sidecars and ephemeral containers do not make a pod a multi-container one, but the
 * annotation may name them. Finished pods count: their logs are read most.
 */
export const check = defineCheck({
  id: "kubernetes/default-log-container",
  version: 1,
  title: { en: "Pods without a default container", "zh-CN": "没有指定默认容器的 Pod" },
  why: {
    en: "In a pod with several containers, kubectl logs and exec without -c take the first one in the manifest, which may be a proxy. At night that costs minutes, or hides the error altogether.",
    "zh-CN":
      "Pod 里有多个容器时，不带 -c 的 kubectl logs 和 exec 会取清单里的第一个，它可能只是个代理。半夜排障时会白白浪费时间，甚至看不到真正的报错。",
  },
  remedy: {
    en: `Set ${key} in the pod template to the container people mean.`,
    "zh-CN": `在 Pod 模板里用 ${key} 指定大家真正要看的容器。`,
  },
  params: z.object({}),
  needs: { pods: kubernetes.list(kinds.Pod, pick), ...ownerNeeds },
  judge: ({ pods, ...owners }) => {
    const ownerOf = ownerResolver(owners);
    const groups = new Map<string, { owner: Subject; code: Code; pods: LoggedPod[] }>();
    for (const pod of pods) {
      const code = problemOf(pod);
      if (!code) continue;
      const owner = ownerOf(pod);
      const group = `${owner.kind}/${owner.namespace}/${owner.name}/${code}`;
      const known = groups.get(group);
      if (known) known.pods.push(pod);
      else groups.set(group, { owner, code, pods: [pod] });
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.flatMap((group) => finding(group.owner, group.code, group.pods) ?? []),
      measurements: [{ name: "pods-with-a-choice", value: pods.length, unit: "{pods}" }],
    };
  },
});
