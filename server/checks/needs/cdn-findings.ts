import { ageSeconds, cacheRules, cacheState } from "#common/cache-headers.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { DnsAnswer, HttpExchange } from "./endpoint-requests.ts";

/** What is kept of an answer: its status and the headers that speak of caching. */
export type CachedAnswer = { url: string; status: number; address: string; headers: [string, string][] };

const told =
  /^(age|cache-control|cache-status|cf-cache-status|date|etag|expires|last-modified|set-cookie|vary|via|x-cache|x-cache-lookup|x-cache-status|x-proxy-cache|x-served-by)$/;

export function pickAnswers(exchanges: readonly HttpExchange[]): CachedAnswer[] {
  return exchanges.map(({ url, status, address, headers }) => ({
    ...{ url: withoutQuery(url), status, address },
    headers: headers.filter(([name]) => told.test(name)),
  }));
}

export function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}

export function chainOf(answer: DnsAnswer): { aliases: string[]; addresses: string[] } {
  const aliases = answer.answers
    .filter(({ type }) => type === "CNAME")
    .map(({ data }) => data.replace(/\.$/, ""));
  return { aliases, addresses: answer.answers.filter(({ type }) => type === "A").map(({ data }) => data) };
}

export function chainFinding(host: string, chain: ReturnType<typeof chainOf>): Finding {
  const { aliases, addresses } = chain;
  const path = [host, ...aliases].join(" → ");
  return {
    ...{
      verdict: "pass",
      code: aliases.length > 0 ? "alias-chain" : "no-alias",
      subject: subjectOf(host, "name"),
    },
    message:
      aliases.length > 0
        ? {
            en: `The name leads elsewhere: ${path}.`,
            "zh-CN": `该域名指向别处：${path}。`,
          }
        : {
            en: "The name has addresses of its own and no alias: if a delivery network answers, it does so by anycast.",
            "zh-CN": "该域名直接有地址，没有别名：如果背后是 CDN，用的就是任播。",
          },
    ...(addresses.length > 0 && { observed: addresses.join(", ") }),
  };
}

function subjectOf(name: string, part?: string): Subject {
  return { kind: "endpoint", name, ...(part && { part }) };
}

/** The last of the answers tells: by then a cache on the way has had the chance to keep it. */
export function cacheFindings(answers: readonly CachedAnswer[]): Finding[] {
  const last = answers.at(-1);
  const first = answers[0];
  if (!last || !first) return [];
  const subject = subjectOf(last.url);
  if (last.status >= 400) return [badStatus(last, subject)];
  const headers = new Map(last.headers);
  const { forbidden, freshSeconds } = cacheRules(headers);
  const { state, by } = cacheState(headers);
  const evidence = answers.map((answer, index) => ({
    source: `answer ${index + 1}, from ${answer.address}`,
    excerpt: [`HTTP ${answer.status}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`)].join(
      "\n",
    ),
  }));
  const findings: Finding[] = [];
  if (forbidden.length > 0 && state !== "hit") findings.push(notKept(subject, forbidden));
  else if (freshSeconds === null && state !== "hit") findings.push(noLifetime(subject));
  if (state === "hit") findings.push(hit(subject, by));
  else if (forbidden.length === 0)
    findings.push(state === "silent" ? silent(subject) : missed(subject, by, answers.length));
  const age = ageSeconds(headers);
  if (age !== null && freshSeconds !== null && freshSeconds > 0 && age > freshSeconds)
    findings.push(stale(subject, age, freshSeconds));
  const tags = new Set(answers.map((answer) => new Map(answer.headers).get("etag")).filter(Boolean));
  if (tags.size > 1) findings.push(differs(subject, [...tags].join(", ")));
  return findings.map((finding) => ({ ...finding, evidence }));
}

function badStatus({ status }: CachedAnswer, subject: Subject): Finding {
  return {
    ...{
      verdict: "fail",
      code: "error-status",
      subject,
      observed: `HTTP ${status}`,
      expected: "HTTP 2xx or 3xx",
    },
    message: {
      en: `The address answers with ${status}; nothing can be said about its caching.`,
      "zh-CN": `该地址返回 ${status}，无法判断缓存情况。`,
    },
  };
}

function notKept(subject: Subject, forbidden: string[]): Finding {
  const why = forbidden.join(", ");
  return {
    ...{
      verdict: "warn",
      code: "not-cacheable",
      subject,
      observed: why,
      expected: "Cache-Control: public, max-age=…",
    },
    message: {
      en: `No shared cache may keep this answer (${why}): every request goes to the origin.`,
      "zh-CN": `共享缓存不允许保存这个响应（${why}）：每个请求都会回源。`,
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "If everybody gets the same, have the origin send Cache-Control: public with a max-age, and no cookie.",
          "zh-CN":
            "如果所有人得到的内容相同，让源站返回带 max-age 的 Cache-Control: public，并且不要设置 Cookie。",
        },
      },
    ],
  };
}

function noLifetime(subject: Subject): Finding {
  return {
    ...{
      verdict: "warn",
      code: "no-lifetime",
      subject,
      observed: "no max-age, no Expires",
      expected: "max-age or s-maxage",
    },
    message: {
      en: "The origin does not say how long the answer may be kept: each cache guesses, and each guesses differently.",
      "zh-CN": "源站没有说明响应可以缓存多久：各级缓存只能各自猜测，结果各不相同。",
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Send Cache-Control with max-age for browsers and s-maxage for shared caches.",
          "zh-CN": "用 Cache-Control 给出 max-age（浏览器）和 s-maxage（共享缓存）。",
        },
      },
    ],
  };
}

function hit(subject: Subject, by: string): Finding {
  return {
    ...{ verdict: "pass", code: "hit", subject, observed: by },
    message: { en: "A cache on the way answered.", "zh-CN": "由途中的缓存应答。" },
  };
}

function missed(subject: Subject, by: string, asked: number): Finding {
  return {
    ...{ verdict: "warn", code: "missed", subject, observed: by, expected: "a hit" },
    message: {
      en: `The cache still did not have it at request ${asked}, though it may keep it: another node answered, the key differs each time, or the cache is told not to.`,
      "zh-CN": `第 ${asked} 次请求仍未命中，尽管允许缓存：可能换了节点应答，缓存键每次不同，或者缓存被配置为不保存。`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "Repeat the check with more requests; then compare the Vary header, the query string and the rules of the cache.",
          "zh-CN": "增加请求次数再查一次，然后核对 Vary、查询字符串和缓存规则。",
        },
      },
    ],
  };
}

function silent(subject: Subject): Finding {
  return {
    ...{
      verdict: "unknown",
      code: "no-cache-told",
      subject,
      observed: "no Age, no Cache-Status, no X-Cache",
    },
    message: {
      en: "No cache on the way says anything of itself: whether one answered cannot be told from outside.",
      "zh-CN": "途中没有任何缓存表明自己的存在：从外部无法判断是否命中。",
    },
  };
}

function stale(subject: Subject, age: number, fresh: number): Finding {
  return {
    ...{ verdict: "warn", code: "stale", subject, observed: `age ${age} s`, expected: `≤ ${fresh} s` },
    message: {
      en: `The answer is ${age} s old and was good for ${fresh} s: the cache serves it beyond its time.`,
      "zh-CN": `响应已存在 ${age} 秒，有效期只有 ${fresh} 秒：缓存在提供过期内容。`,
    },
  };
}

function differs(subject: Subject, observed: string): Finding {
  return {
    ...{ verdict: "warn", code: "versions-differ", subject, observed, expected: "one version" },
    message: {
      en: "Requests one after the other got different versions: nodes of the cache do not hold the same.",
      "zh-CN": "连续的请求得到了不同版本：各缓存节点的内容不一致。",
    },
  };
}
