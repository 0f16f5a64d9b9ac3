import { z } from "zod";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { http } from "../needs/endpoint.ts";
import { nameOf, slowStep, statusFinding, timed, totalFinding } from "../needs/http-findings.ts";
import { measurementsOf, spreadsOf, waterfallPicture } from "../needs/http-picture.ts";
import { type HttpStep, httpSteps } from "../needs/http-steps.ts";
import { param } from "../needs/param.ts";

const thresholdMs = (byDefault: number) => z.number().int().min(1).max(600_000).default(byDefault);

export const check = defineCheck({
  id: "endpoint/http-timing",
  version: 2,
  title: { en: "Where the time of an HTTP request goes", "zh-CN": "HTTP 请求的时间花在哪里" },
  why: {
    en: "A slow page has one of six causes: the name, the connection, TLS, the way there, the server, or the size. Each has another owner, and the total alone names none of them.",
    "zh-CN":
      "页面变慢的原因无非六种：域名解析、建立连接、TLS、发送请求、服务器处理、响应体积。它们各归不同的人负责，而只看总时间看不出是哪一种。",
  },
  remedy: {
    en: "Look at the step that takes most of the median: resolver and cache for the name, distance and load for the connection, session resumption for TLS, the application for the first byte, compression and caching for the body.",
    "zh-CN":
      "看中位数里占比最大的一步：解析慢看解析器和缓存，连接慢看距离和负载，TLS 慢看会话恢复，首字节慢看应用本身，传输慢看压缩和缓存。",
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
        help: { en: "Empty: the registered HTTP endpoint.", "zh-CN": "留空则使用已登记的 HTTP 端点。" },
        placeholder: "https://example.com/",
      },
    ),
    repeat: param(z.number().int().min(1).max(50).default(5), {
      label: { en: "Requests, each on a new connection", "zh-CN": "请求次数（每次新建连接）" },
    }),
    followRedirects: param(z.boolean().default(true), {
      label: { en: "Follow redirects", "zh-CN": "跟随重定向" },
    }),
    warnTotalMs: param(thresholdMs(1_000), {
      label: { en: "Warn when the total (p95) takes longer than", "zh-CN": "总时间（p95）超过时警告" },
      unit: "ms",
    }),
    failTotalMs: param(thresholdMs(3_000), {
      label: { en: "Fail when the total (p95) takes longer than", "zh-CN": "总时间（p95）超过时判为失败" },
      unit: "ms",
    }),
    warnLookupMs: param(thresholdMs(100), {
      label: {
        en: "Warn when the look-up (median) takes longer than",
        "zh-CN": "域名解析（中位数）超过时警告",
      },
      unit: "ms",
    }),
    warnConnectMs: param(thresholdMs(200), {
      label: {
        en: "Warn when connecting (median) takes longer than",
        "zh-CN": "建立连接（中位数）超过时警告",
      },
      unit: "ms",
    }),
    warnTlsMs: param(thresholdMs(400), {
      label: { en: "Warn when TLS (median) takes longer than", "zh-CN": "TLS 握手（中位数）超过时警告" },
      unit: "ms",
    }),
    warnWaitMs: param(thresholdMs(500), {
      label: {
        en: "Warn when the first byte (median) takes longer than",
        "zh-CN": "等待首字节（中位数）超过时警告",
      },
      unit: "ms",
    }),
  }),
  needs: (params) => ({
    exchanges: http.request(
      {
        url: params.url === "" ? null : params.url,
        method: "GET",
        repeat: params.repeat,
        redirects: params.followRedirects ? 10 : 0,
        bodyBytes: 0,
      },
      (exchanges) => exchanges.map(timed),
    ),
  }),
  judge: ({ exchanges }, params) => {
    const [first] = exchanges;
    if (!first) return { skip: { what: "HTTP timing", detail: "there was no exchange to time" } };
    const url = params.url || first.url;
    const subject: Subject = { kind: "endpoint", name: nameOf(url) };
    const spreads = spreadsOf(exchanges);
    const medians = Object.fromEntries(httpSteps.map((step) => [step, spreads[step].p50])) as Record<
      HttpStep,
      number
    >;
    const limits: Partial<Record<HttpStep, number>> = {
      lookup: params.warnLookupMs,
      connect: params.warnConnectMs,
      tls: params.warnTlsMs,
      wait: params.warnWaitMs,
    };
    const slow = httpSteps.filter((step) => medians[step] > (limits[step] ?? Number.POSITIVE_INFINITY));
    return {
      findings: [
        totalFinding(exchanges, { ...params, subject, medians, url }),
        statusFinding(exchanges, subject),
        ...slow.map((step) =>
          slowStep(step, { subject, observedMs: medians[step], limitMs: limits[step] ?? 0 }),
        ),
      ],
      pictures: [waterfallPicture(exchanges, spreads, slow)],
      measurements: measurementsOf(exchanges, subject.name, spreads),
    };
  },
});
