import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { type Delay, type FaultTry, isLikely, smallestShown } from "./measured-fault.ts";

export type Expected = { delayMs: number; delayPercent: number; abortStatus: number; abortPercent: number };

const find: RemedyStep = {
  purpose: "inspect",
  text: { en: "Which routes hold a fault", "zh-CN": "哪些路由里有故障" },
  command:
    "kubectl get virtualservices.networking.istio.io --all-namespaces --output json | jq -r '.items[] | select(any(.spec.http[]?; .fault)) | [.metadata.namespace, .metadata.name] | @tsv'",
};

type At = { subject: Subject; tries: readonly FaultTry[]; expected: Expected };

export function delayFindings(delay: Delay | null, { subject, tries, expected }: At): Finding[] {
  const { delayMs, delayPercent } = expected;
  const total = tries.length;
  const of = { ...subject, part: "delay" };
  const evidence = [{ source: "first byte, in ms", excerpt: tries.map(({ ms }) => ms).join(" ") }];
  if (delayMs === 0 || delayPercent === 0) {
    if (!delay) return [];
    const { count, extraMs } = delay;
    return [
      {
        verdict: "warn",
        code: "delay-measured",
        subject: of,
        message: {
          en: `${count} of ${total} requests took about ${extraMs} ms longer than the others, all by nearly the same: that is what a delay in a route looks like, not load.`,
          "zh-CN": `${total} 个请求中有 ${count} 个比其他的多用约 ${extraMs} ms，而且多出的几乎一样：这是路由里的延迟，不像负载造成的。`,
        },
        observed: `${count} of ${total} by ${extraMs} ms`,
        expected: "no delay",
        evidence,
        remedy: [find],
      },
    ];
  }
  const near = delay && Math.abs(delay.extraMs - delayMs) <= delayMs * 0.3 + 50;
  // With everybody delayed there is nobody to compare with: the quickest answer itself is late.
  const all = Math.min(...tries.map(({ ms }) => ms));
  const count = near ? delay.count : all >= delayMs * 0.9 ? total : 0;
  const wanted = `${delayPercent} % by ${delayMs} ms`;
  if (count > 0 && isLikely(count, total, delayPercent))
    return [
      {
        verdict: "pass",
        code: "delay-as-intended",
        subject: of,
        message: {
          en: `${count} of ${total} requests were delayed by about ${delayMs} ms, as ${delayPercent} % should be.`,
          "zh-CN": `${total} 个请求中有 ${count} 个延迟了约 ${delayMs} ms，符合 ${delayPercent}% 的预期。`,
        },
        observed: `${count} of ${total}`,
        expected: wanted,
        evidence,
      },
    ];
  return [
    {
      verdict: "warn",
      code: count === 0 ? "delay-not-seen" : "delay-differs",
      subject: of,
      message:
        count === 0
          ? {
              en: `None of ${total} requests was delayed by ${delayMs} ms: the exercise proves nothing. A fault without percentage is never injected, and one with a match concerns only what it matches.`,
              "zh-CN": `${total} 个请求没有一个延迟 ${delayMs} ms：这次演练什么也证明不了。没写百分比的故障从不注入，有 match 的只影响匹配的请求。`,
            }
          : {
              en: `${count} of ${total} requests were delayed by ${delayMs} ms; ${delayPercent} % were meant.`,
              "zh-CN": `${total} 个请求中有 ${count} 个延迟了 ${delayMs} ms，而预期是 ${delayPercent}%。`,
            },
      observed: `${count} of ${total}`,
      expected: wanted,
      evidence,
      remedy: [find],
    },
  ];
}

export function abortFindings(
  tries: readonly FaultTry[],
  { subject, expected }: Omit<At, "tries">,
): Finding[] {
  const { abortStatus, abortPercent } = expected;
  const total = tries.length;
  const of = { ...subject, part: "abort" };
  const marked = tries.filter((one) => one.marked);
  const codes = [...new Set(marked.map(({ status }) => status))].toSorted((a, b) => a - b).join(", ");
  if (abortStatus === 0 || abortPercent === 0) {
    if (marked.length === 0) return [];
    return [
      {
        verdict: "fail",
        code: "abort-measured",
        subject: of,
        message: {
          en: `${marked.length} of ${total} requests were answered with ${codes} by the fault filter of a proxy: they never reached the service.`,
          "zh-CN": `${total} 个请求中有 ${marked.length} 个由代理的故障过滤器直接以 ${codes} 应答，根本没有到达服务。`,
        },
        observed: `${marked.length} of ${total}: ${codes}`,
        expected: "none",
        remedy: [find],
      },
    ];
  }
  const count = tries.filter(({ status }) => status === abortStatus).length;
  const isRight = count > 0 && isLikely(count, total, abortPercent);
  return [
    {
      verdict: isRight ? "pass" : "warn",
      code: isRight ? "abort-as-intended" : count === 0 ? "abort-not-seen" : "abort-differs",
      subject: of,
      message: isRight
        ? {
            en: `${count} of ${total} requests were answered with ${abortStatus}, as ${abortPercent} % should be.`,
            "zh-CN": `${total} 个请求中有 ${count} 个以 ${abortStatus} 应答，符合 ${abortPercent}% 的预期。`,
          }
        : {
            en: `${count} of ${total} requests were answered with ${abortStatus}; ${abortPercent} % were meant.`,
            "zh-CN": `${total} 个请求中有 ${count} 个以 ${abortStatus} 应答，而预期是 ${abortPercent}%。`,
          },
      observed: `${count} of ${total}`,
      expected: `${abortPercent} %`,
      ...(!isRight && { remedy: [find] }),
    },
  ];
}

export function nothingFinding(tries: readonly FaultTry[], subject: Subject): Finding {
  const total = tries.length;
  const least = smallestShown(total);
  return {
    verdict: "pass",
    code: "no-fault",
    subject,
    message: {
      en: `${total} requests, none delayed or aborted by a proxy. A share below ${least} % need not show in so few.`,
      "zh-CN": `${total} 个请求，没有被代理延迟或中断的。比例低于 ${least}% 的故障，这么少的请求未必看得出来。`,
    },
    observed: `0 of ${total}`,
  };
}
