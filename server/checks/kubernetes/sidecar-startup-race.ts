import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { fellAtStart, type ProxiedPod, pickProxiedPod } from "../needs/proxy-start.ts";
import { type RaceCode, type RaceGroup, raceFinding } from "../needs/proxy-start-findings.ts";

/** What is wrong with one pod; the first that applies, since one change mends it. */
function problemOf(
  pod: ProxiedPod,
  minutes: number,
): { code: RaceCode; evidence: ProxiedPod["restarts"] } | undefined {
  if (pod.cutOff.length > 0) return { code: "init-cut-off", evidence: pod.cutOff };
  if (pod.order === "native" || pod.order === "held") return undefined;
  const evidence = fellAtStart(pod, minutes);
  if (evidence.length > 0) return { code: "fell-at-start", evidence };
  if (pod.order === "late-hold") return { code: "hold-without-effect", evidence: [] };
  return pod.patient.length > 0 ? undefined : { code: "starts-before-proxy", evidence: [] };
}

/**
 * Subject: the owner people deploy (see ownerResolver), no part; affected: its pods. Codes, of one pod the first that
 * applies: init-cut-off (fail): an init container failed behind the redirection, before the proxy exists;
 * fell-at-start (fail): the application starts beside the proxy and ended with an error within its first minutes only;
 * hold-without-effect (warn): the proxy waits, but is not the first container; starts-before-proxy (warn): nothing
 * makes the application wait. Skipped where no pod has a proxy of Istio, Linkerd or Kuma.
 */
export const check = defineCheck({
  id: "kubernetes/sidecar-startup-race",
  version: 1,
  title: { en: "Applications that start before their proxy", "zh-CN": "先于代理启动的应用" },
  why: {
    en: "Traffic is redirected to the proxy before the proxy has its configuration, which takes seconds to tens of seconds in a large mesh. What the application calls in that time fails, and many applications give up for it.",
    "zh-CN":
      "流量在代理拿到配置之前就已被重定向给它；网格较大时，这段时间从几秒到几十秒。应用在此期间的对外请求都会失败，很多应用会因此退出。",
  },
  remedy: {
    en: "Inject the proxy as a native sidecar, or hold the application until the proxy has started.",
    "zh-CN": "把代理注入为原生 sidecar，或让应用等到代理启动之后。",
  },
  params: z.object({
    startMinutes: param(z.number().min(1).max(120).default(10), {
      label: { en: "An end counts as one at the start within", "zh-CN": "启动后多久内的退出算启动期" },
      help: {
        en: "Five restarts with growing pauses take about five minutes.",
        "zh-CN": "五次退避重启大约需要五分钟。",
      },
      unit: "min",
    }),
  }),
  needs: { pods: kubernetes.list(kinds.Pod, pickProxiedPod), ...ownerNeeds },
  judge: ({ pods, ...owners }, { startMinutes }) => {
    if (pods.length === 0)
      return { skip: { what: "pods with the proxy of a mesh", detail: "there are none" } };
    const ownerOf = ownerResolver(owners);
    const groups = new Map<string, RaceGroup>();
    for (const pod of pods) {
      const problem = problemOf(pod, startMinutes);
      if (!problem) continue;
      const owner = ownerOf(pod);
      const key = [owner.kind, owner.namespace, owner.name, problem.code].join("/");
      const group = groups.get(key) ?? { owner, code: problem.code, cases: [] };
      group.cases.push({ pod, evidence: problem.evidence });
      groups.set(key, group);
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.flatMap((group) => raceFinding(group) ?? []),
      measurements: [
        { name: "pods-with-proxy", value: pods.length, unit: "{pods}" },
        {
          name: "pods-with-native-proxy",
          value: pods.filter(({ order }) => order === "native").length,
          unit: "{pods}",
        },
      ],
    };
  },
});
