import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { parseThrottling, throttledBetween, throttlingLines } from "../needs/cadvisor.ts";
import { sampled } from "../needs/host.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { pickPodCpu } from "../needs/pod-cpu.ts";
import {
  type ThrottledGroup,
  throttledFindings,
  throttlingMeasurements,
  throttlingPicture,
} from "../needs/throttling-findings.ts";

const params = z.object({
  windowSeconds: param(z.number().int().min(5).max(50).default(35), {
    label: { en: "Sampling window", "zh-CN": "采样时长" },
    help: {
      en: "The kubelet takes a sample of each container every ten to thirty seconds.",
      "zh-CN": "kubelet 每 10 到 30 秒才为每个容器采样一次。",
    },
    unit: "s",
  }),
  warnPercent: param(z.number().min(0).max(100).default(5), {
    label: { en: "Warn above", "zh-CN": "超过则警告" },
    unit: "%",
  }),
  failPercent: param(z.number().min(0).max(100).default(25), {
    label: { en: "Fail above", "zh-CN": "超过则失败" },
    unit: "%",
  }),
  minPeriods: param(z.number().int().min(1).max(500).default(20), {
    label: { en: "Judge a container only from", "zh-CN": "至少运行多少个周期才判断" },
    unit: "{periods}",
  }),
});

/**
 * Subject: the owner people deploy (see ownerResolver), part: the container; affected: its pods above the warning.
 * Code: throttled (warn, fail). Reads two samples of every kubelet's counters, for which the credential needs
 * nodes/proxy; without that right the check does not apply, and the one against Prometheus or on hosts does.
 */
export const check = defineCheck({
  id: "kubernetes/cpu-throttling",
  version: 1,
  title: { en: "Containers that are throttled now", "zh-CN": "正在被限流的容器" },
  why: {
    en: "A container that spent its quota stands still until the next 100 ms begin, on an idle node as well. Average usage stays far below the limit while every other request waits.",
    "zh-CN":
      "容器用完配额就要停到下一个 100 毫秒，节点再空闲也一样。平均用量离 limit 还很远，请求却一个接一个在等。",
  },
  remedy: {
    en: "Raise the limit above the peak, not the average, or let the program start no more threads than its limit has cores.",
    "zh-CN": "limit 要高过峰值而不是平均值，或让程序的线程数不超过 limit 对应的核数。",
  },
  params,
  needs: ({ windowSeconds }) => ({
    pods: kubernetes.list(kinds.Pod, pickPodCpu),
    counters: optional(
      sampled(
        kubernetes.nodes({ path: "metrics/cadvisor", keepLines: throttlingLines }, parseThrottling),
        windowSeconds * 1000,
      ),
    ),
    ...ownerNeeds,
  }),
  judge: ({ pods, counters, ...owners }, limits) => {
    if (isUnread(counters)) {
      const { code, detail } = counters.unread;
      if (code === "forbidden" || code === "not-served")
        return { skip: { what: "kubelet counters", detail: "this credential has no right to nodes/proxy" } };
      const finding: Finding = {
        verdict: "unknown",
        code: "counters-not-read",
        subject: { kind: "Node", name: "all" },
        message: {
          en: "No kubelet's counters could be read, so it is not known who is throttled.",
          "zh-CN": "读不到任何 kubelet 的计数，因此不知道谁在被限流。",
        },
        observed: detail ?? code,
      };
      return { findings: [finding] };
    }
    const [before, after] = counters;
    const rates = throttledBetween(before.value, after.value);
    const judged = rates.filter(({ periods }) => periods >= limits.minPeriods);
    const ownerOf = ownerResolver(owners);
    const known = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
    const groups = new Map<string, ThrottledGroup>();
    for (const rate of judged) {
      const pod = known.get(`${rate.namespace}/${rate.pod}`);
      const owner = ownerOf(pod ?? { namespace: rate.namespace, name: rate.pod });
      const limitMillicores = pod?.containers.find(({ name }) => name === rate.container)?.limit;
      const key = `${owner.kind}/${owner.namespace}/${owner.name}/${rate.container}`;
      const group: ThrottledGroup = groups.get(key) ?? {
        ...{ owner, container: rate.container, pods: [] },
        ...(limitMillicores !== undefined && { limitMillicores }),
      };
      group.pods.push(rate);
      groups.set(key, group);
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: throttledFindings(sorted, limits),
      measurements: [
        ...throttlingMeasurements(sorted, limits),
        { name: "containers-judged", value: judged.length, unit: "{containers}" },
      ],
      pictures: throttlingPicture(sorted, limits),
    };
  },
});
