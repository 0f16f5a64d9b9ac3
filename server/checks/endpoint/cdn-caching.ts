import { z } from "zod";
import { ageSeconds, cacheState } from "#common/cache-headers.ts";
import { defineCheck } from "../define-check.ts";
import { cacheFindings, chainFinding, chainOf, pickAnswers } from "../needs/cdn-findings.ts";
import { dns, http } from "../needs/endpoint.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the address; of the name's aliases, the host. Codes: alias-chain, no-alias, hit (pass); not-cacheable,
 * no-lifetime, missed, stale, versions-differ (warn); no-cache-told (unknown); error-status (fail).
 */
export const check = defineCheck({
  id: "endpoint/cdn-caching",
  version: 1,
  title: { en: "Whether a delivery network answers from its cache", "zh-CN": "CDN 是否由缓存应答" },
  why: {
    en: "A delivery network that passes every request on costs money and adds a hop. Whether it keeps an answer is decided by headers of the origin, which change with every release.",
    "zh-CN":
      "如果 CDN 把每个请求都转给源站，就只是多花了钱、多了一跳。能不能缓存由源站的响应头决定，而响应头可能随每次发布改变。",
  },
  remedy: {
    en: "Have the origin say how long an answer may be kept, drop cookies from what is the same for everybody, and keep query strings out of the cache's key where they mean nothing.",
    "zh-CN":
      "让源站说明响应可以缓存多久；对所有人相同的内容不要带 Cookie；没有意义的查询参数不要进入缓存键。",
  },
  params: z.object({
    url: param(
      z
        .string()
        .trim()
        .max(2000)
        .regex(/^(https?:\/\/\S+)?$/)
        .refine((text) => text === "" || URL.canParse(text), "an absolute address")
        .default(""),
      {
        label: { en: "Address", "zh-CN": "地址" },
        help: { en: "Empty: the registered HTTP endpoint.", "zh-CN": "留空则使用已登记的 HTTP 端点。" },
        placeholder: "https://static.example.com/logo.png",
      },
    ),
    requests: param(z.number().int().min(2).max(10).default(2), {
      label: { en: "Requests, one after the other", "zh-CN": "连续请求次数" },
    }),
  }),
  needs: ({ url, requests }) => {
    const host = url ? new URL(url).hostname : "";
    const isName = /[a-z]/i.test(host) && !host.startsWith("[");
    return {
      answers: http.request(
        { url: url === "" ? null : url, method: "GET", repeat: requests, bodyBytes: 0 },
        pickAnswers,
      ),
      ...(isName ? { chain: optional(dns.query({ name: host, recordType: "A", via: null }, chainOf)) } : {}),
    };
  },
  judge: ({ answers, chain }, { url }) => {
    const aliases = chain && !isUnread(chain) ? [chainFinding(new URL(url).hostname, chain)] : [];
    const states = answers.map(({ headers }) => cacheState(new Map(headers)).state);
    const age = ageSeconds(new Map(answers.at(-1)?.headers));
    return {
      findings: [...aliases, ...cacheFindings(answers)],
      measurements: [
        { name: "hits", value: states.filter((state) => state === "hit").length, unit: "{requests}" },
        { name: "requests", value: answers.length, unit: "{requests}" },
        ...(age === null ? [] : [{ name: "age", value: age, unit: "s" }]),
      ],
    };
  },
});
