import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { http } from "../needs/endpoint.ts";
import { nameOf } from "../needs/http-findings.ts";
import { delayIn, type FaultTry, pickTries } from "../needs/measured-fault.ts";
import {
  abortFindings,
  delayFindings,
  type Expected,
  nothingFinding,
} from "../needs/measured-fault-findings.ts";
import { param } from "../needs/param.ts";
import { percentile } from "../needs/percentile.ts";

const share = (byDefault: number) => z.number().min(0).max(100).default(byDefault);

/**
 * Subject: the address; part: delay or abort.
 * Codes: no-fault (pass), delay-as-intended, abort-as-intended (pass); delay-measured (warn), abort-measured (fail)
 * where none is intended; delay-not-seen, abort-not-seen, delay-differs, abort-differs (warn).
 */
export const check = defineCheck({
  id: "endpoint/istio-fault-injection",
  version: 2,
  title: { en: "What an injected fault does to requests", "zh-CN": "故障注入对请求的实际影响" },
  why: {
    en: "A fault in a route may reach nobody, everybody, or some other share than was meant: no percentage means never. Only requests that are timed and counted show which.",
    "zh-CN":
      "路由里的故障可能谁也没影响到、影响了所有人，或者比例和想的不一样：没写百分比就从不注入。只有给请求计时、计数才知道。",
  },
  remedy: {
    en: "Outside of an exercise, take the fault out of the route. In one, compare the match and the percentage with what was measured.",
    "zh-CN": "不是演练，就把故障从路由里删掉；是演练，就拿测得的结果核对 match 和百分比。",
  },
  params: z.object({
    url: param(
      z
        .string()
        .trim()
        .max(2000)
        .regex(/^(https?:\/\/\S+)?$/)
        .default(""),
      {
        label: { en: "Address", "zh-CN": "地址" },
        help: {
          en: "As callers reach it: through a gateway, or from where a proxy is. Empty: the registered HTTP endpoint.",
          "zh-CN": "按调用方的路径访问：经过网关，或经过代理。留空则使用已登记的 HTTP 端点。",
        },
        placeholder: "https://shop.example.com/ratings",
      },
    ),
    requests: param(z.number().int().min(5).max(50).default(20), {
      label: { en: "Requests, one after the other", "zh-CN": "连续请求次数" },
    }),
    headerName: param(
      z
        .string()
        .trim()
        .max(100)
        .regex(/^([A-Za-z0-9-]+)?$/)
        .default(""),
      {
        label: { en: "Header that the route matches", "zh-CN": "路由匹配的请求头" },
        placeholder: "x-exercise",
      },
    ),
    headerValue: param(
      z
        .string()
        .trim()
        .max(200)
        .regex(/^[\x20-\x7e]*$/)
        .default(""),
      {
        label: { en: "Its value", "zh-CN": "它的值" },
        placeholder: "slow-ratings",
      },
    ),
    delayMs: param(z.number().int().min(0).max(8_000).default(0), {
      label: { en: "Intended delay (0: none)", "zh-CN": "预期的延迟（0 表示没有）" },
      unit: "ms",
    }),
    delayPercent: param(share(100), {
      label: { en: "Share of requests to be delayed", "zh-CN": "预期延迟的比例" },
      unit: "%",
    }),
    abortStatus: param(z.number().int().min(0).max(599).default(0), {
      label: { en: "Intended status of an abort (0: none)", "zh-CN": "预期的中断状态码（0 表示没有）" },
    }),
    abortPercent: param(share(100), {
      label: { en: "Share of requests to be aborted", "zh-CN": "预期中断的比例" },
      unit: "%",
    }),
    minDelayMs: param(z.number().int().min(50).max(8_000).default(500), {
      label: { en: "Take as a delay from", "zh-CN": "多久以上算作延迟" },
      unit: "ms",
    }),
  }),
  needs: ({ url, requests, headerName, headerValue }) => ({
    tries: http.request(
      {
        ...{
          url: url === "" ? null : url,
          method: "GET",
          repeat: requests,
          keepAlive: true,
          bodyBytes: 1024,
        },
        ...(headerName && { headers: { [headerName]: headerValue } }),
      },
      pickTries,
    ),
  }),
  judge: ({ tries }, params) => {
    if (tries.length === 0) return { skip: { what: "HTTP requests", detail: "there was no answer to time" } };
    const subject: Subject = {
      kind: "endpoint",
      name: (params.url === "" ? tries[0]?.url : nameOf(params.url)) || "registered endpoint",
    };
    const expected: Expected = params;
    const minDelayMs =
      params.delayMs > 0 ? Math.min(params.minDelayMs, params.delayMs * 0.8) : params.minDelayMs;
    const delay = delayIn(tries, minDelayMs);
    const findings: Finding[] = [
      ...delayFindings(delay, { subject, tries, expected }),
      ...abortFindings(tries, { subject, expected }),
    ];
    return {
      findings: findings.length > 0 ? findings : [nothingFinding(tries, subject)],
      measurements: measurements(tries, delay?.count ?? 0, subject.name),
    };
  },
});

function measurements(tries: readonly FaultTry[], delayed: number, subject: string): Measurement[] {
  const percent = (count: number) => Math.round((count / tries.length) * 1000) / 10;
  const times = tries.map(({ ms }) => ms);
  return [
    { name: "delayedPercent", subject, value: percent(delayed), unit: "%" },
    {
      name: "abortedPercent",
      subject,
      value: percent(tries.filter(({ marked }) => marked).length),
      unit: "%",
    },
    { name: "firstByteP50", subject, value: percentile(times, 0.5), unit: "ms" },
    { name: "firstByteP95", subject, value: percentile(times, 0.95), unit: "ms" },
  ];
}
