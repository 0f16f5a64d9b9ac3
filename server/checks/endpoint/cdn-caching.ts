import { z } from "zod";
import { ageSeconds } from "#common/cache-headers.ts";
import { defineCheck } from "../define-check.ts";
import { addressUnread, hitShare, isHit, percentOf, ratioFinding } from "../needs/cache-ratio.ts";
import { cacheFindings, chainFinding, chainOf, pickAnswers } from "../needs/cdn-findings.ts";
import { dns, http } from "../needs/endpoint.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const mostFurther = 20;
const addressesIn = (text: string) => text.split(/\s+/).filter(Boolean);

const answersOf = (url: string | null, repeat: number) =>
  http.request({ url, method: "GET", repeat, bodyBytes: 0 }, pickAnswers);
const further = (url: string, repeat: number) => optional(answersOf(url, repeat));
const aliasesOf = (name: string) => optional(dns.query({ name, recordType: "A", via: null }, chainOf));
type Further = { [name: `further${number}`]: ReturnType<typeof further> };
type Asked = Further & { answers: ReturnType<typeof answersOf>; chain?: ReturnType<typeof aliasesOf> };

/**
 * Subject: the address; of the name's aliases, the host. Codes: alias-chain, no-alias, hit (pass); not-cacheable,
 * no-lifetime, missed, stale, versions-differ (warn); no-cache-told and address-unread (unknown); error-status (fail);
 * of several addresses together hit-ratio (pass), hit-ratio-low (warn).
 */
export const check = defineCheck({
  id: "endpoint/cdn-caching",
  version: 3,
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
    further: param(
      z
        .string()
        .trim()
        .max(8000)
        .refine(
          (text) => addressesIn(text).every((one) => /^https?:\/\//.test(one) && URL.canParse(one)),
          "absolute addresses",
        )
        .refine((text) => addressesIn(text).length <= mostFurther, `${mostFurther} addresses at most`)
        .default(""),
      {
        label: { en: "Further addresses", "zh-CN": "更多地址" },
        help: {
          en: "Separated by blanks, 20 at most: the share of hits over all of them is reckoned.",
          "zh-CN": "用空格分隔，最多 20 个：会计算全部地址的命中率。",
        },
        placeholder: "https://static.example.com/a.png https://static.example.com/b.png",
      },
    ),
    minHitPercent: param(z.number().min(0).max(100).default(80), {
      label: { en: "Warn when the share of cache hits is below", "zh-CN": "缓存命中率低于此值则警告" },
      unit: "%",
    }),
    requests: param(z.number().int().min(2).max(10).default(2), {
      label: { en: "Requests, one after the other", "zh-CN": "连续请求次数" },
    }),
  }),
  needs: ({ url, further: more, requests }): Asked => {
    const host = url ? new URL(url).hostname : "";
    const isName = /[a-z]/i.test(host) && !host.startsWith("[");
    const others: Further = {};
    for (const [index, address] of addressesIn(more ?? "").entries())
      others[`further${index}`] = further(address, requests);
    return {
      answers: answersOf(url === "" ? null : url, requests),
      ...(isName ? { chain: aliasesOf(host) } : {}),
      ...others,
    };
  },
  judge: (facts, { url, further: more, minHitPercent }) => {
    const { answers, chain } = facts;
    const aliases = chain && !isUnread(chain) ? [chainFinding(new URL(url).hostname, chain)] : [];
    const others = addressesIn(more).map((address, index) => ({
      address,
      read: facts[`further${index}`] ?? [],
    }));
    const all = [answers, ...others.flatMap(({ read }) => (isUnread(read) ? [] : [read]))];
    const share = hitShare(all);
    const isShare = all.length > 1 && share.told > 0;
    const age = ageSeconds(new Map(answers.at(-1)?.headers));
    return {
      findings: [
        ...aliases,
        ...all.flatMap(cacheFindings),
        ...others.flatMap(({ address, read }) => (isUnread(read) ? [addressUnread(address, read)] : [])),
        ...(isShare ? [ratioFinding(share, minHitPercent)] : []),
      ],
      measurements: [
        { name: "hits", value: answers.filter(isHit).length, unit: "{requests}" },
        { name: "requests", value: answers.length, unit: "{requests}" },
        ...(age === null ? [] : [{ name: "age", value: age, unit: "s" }]),
        ...(isShare ? [{ name: "hitRatio", value: percentOf(share), unit: "%" }] : []),
      ],
    };
  },
});
