import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { dns } from "../needs/endpoint.ts";
import type { DnsAnswer } from "../needs/endpoint-requests.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { rounded } from "../needs/percentile.ts";
import { type TlsHandshake, tls } from "../needs/tls.ts";
import { parseCertificate } from "../needs/x509.ts";

const serverPattern =
  /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)(?::([0-9]{1,5}))?$/;

export const check = defineCheck({
  id: "endpoint/doh-comparison",
  version: 1,
  title: { en: "DNS over HTTPS against the ordinary resolver", "zh-CN": "对比 DoH 与普通解析器" },
  why: {
    en: "Two resolvers that disagree about a name mean a split view, a filter, a stale cache or a forged answer. DNS over HTTPS is the second opinion that nobody on the way can change.",
    "zh-CN":
      "两个解析器对同一个域名答案不同，说明存在内外网不同的视图、过滤、过期缓存或伪造的应答。DoH 提供的是途中无人能改的第二份答案。",
  },
  remedy: {
    en: "Ask the zone's own name server which answer is right. Where the ordinary one is wrong, look at its forwarders, cache and filters; where both are, at the zone.",
    "zh-CN":
      "向该区域的权威服务器确认哪个答案正确。普通解析器错了，查它的转发、缓存和过滤；两个都错，查区域数据。",
  },
  params: z.object({
    name: param(
      z
        .string()
        .trim()
        .max(253)
        .regex(/^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/)
        .default("example.com"),
      { label: { en: "Name", "zh-CN": "域名" } },
    ),
    recordType: param(z.enum(["A", "AAAA", "CNAME", "MX", "NS", "TXT"]).default("A"), {
      label: { en: "Record type", "zh-CN": "记录类型" },
    }),
    url: param(
      z
        .string()
        .trim()
        .max(500)
        .regex(/^(https:\/\/[^\s@]+)?$/)
        .default(""),
      {
        label: { en: "DoH server", "zh-CN": "DoH 服务器" },
        help: { en: "Empty: the registered resolver.", "zh-CN": "留空则使用已登记的解析器。" },
        placeholder: "https://dns.example/dns-query",
      },
    ),
    format: param(z.enum(["wire", "json"]).default("wire"), {
      label: { en: "Form of the messages", "zh-CN": "报文形式" },
      help: {
        en: "wire: RFC 8484, which every server speaks. json: beside it, by some.",
        "zh-CN": "wire 即 RFC 8484，所有服务器都支持；json 只有部分服务器提供。",
      },
    }),
    resolver: param(
      z
        .string()
        .trim()
        .refine((text) => text === "" || serverOf(text) !== null, "host or host:port")
        .default(""),
      {
        label: { en: "Ordinary resolver", "zh-CN": "普通解析器" },
        help: {
          en: "Asked over UDP. Empty: the resolver of the machine that runs the check.",
          "zh-CN": "通过 UDP 查询。留空则使用执行检查的机器自己的解析器。",
        },
        placeholder: "192.0.2.53:53",
      },
    ),
    warnMs: param(z.number().int().min(1).max(60_000).default(500), {
      label: { en: "Warn when DoH takes longer than", "zh-CN": "DoH 耗时超过时警告" },
      unit: "ms",
    }),
    warnDays: param(z.number().int().min(0).max(3650).default(14), {
      label: { en: "Warn when the certificate expires within", "zh-CN": "证书剩余天数不足时警告" },
      unit: "d",
    }),
  }),
  needs: ({ name, recordType, url, format, resolver }) => {
    const transport = format === "json" ? ("doh-json" as const) : ("doh-wire" as const);
    const plainVia = resolver ? serverOf(resolver) : null;
    const endpoint = url ? endpointOf(url) : null;
    return {
      doh: optional(dns.query({ name, recordType, via: url ? { transport, url } : null })),
      plain: dns.query({
        ...{ name, recordType },
        via: plainVia ? { transport: "udp", ...plainVia } : { transport: "system" },
      }),
      ...(endpoint ? { handshake: optional(tls.handshake(endpoint)) } : {}),
    };
  },
  judge: ({ doh, plain, handshake }, params, { observedAt }) => {
    const subject: Subject = { kind: "endpoint", name: params.name, part: params.recordType };
    const seen = handshake && !isUnread(handshake) ? handshake : undefined;
    if (isUnread(doh)) return { findings: [unreadDoh(doh, subject, params.url)] };
    return {
      findings: [
        comparison(doh, plain, { ...params, subject }),
        speed(doh, plain, { subject, warnMs: params.warnMs }),
        ...certificate(seen, { now: observedAt, warnDays: params.warnDays }),
      ],
      measurements: measurementsOf(doh, plain, seen),
    };
  },
});

function serverOf(text: string): { host: string; port: number } | null {
  const match = serverPattern.exec(text);
  const port = Number(match?.[3] ?? 53);
  if (!match?.[1] || port < 1 || port > 65_535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

function endpointOf(url: string): { host: string; port: number } | null {
  const match = /^https:\/\/([^/?#]+)/.exec(url);
  if (!match?.[1]) return null;
  const at = serverOf(match[1]);
  return at && { host: at.host, port: /:\d+$/.test(match[1]) ? at.port : 443 };
}

/** A certificate that does not hold is a finding; anything else that kept the answer away is not known. */
function unreadDoh({ unread }: Unread, subject: Subject, url: string): Finding {
  const detail = unread.detail ?? unread.code;
  const isRefused = /^(untrusted-certificate|certificate-)/.test(detail);
  return {
    verdict: isRefused ? "fail" : "unknown",
    code: isRefused ? "certificate-refused" : "doh-unread",
    subject,
    message: isRefused
      ? {
          en: "The DoH server's certificate does not hold, so its answer proves nothing.",
          "zh-CN": "DoH 服务器的证书不成立，它的应答不能说明任何问题。",
        }
      : { en: "The DoH server gave no answer.", "zh-CN": "DoH 服务器没有给出应答。" },
    observed: detail,
    evidence: [{ source: url || "the registered resolver", excerpt: `${unread.code}: ${unread.what}` }],
  };
}

function comparison(
  doh: DnsAnswer,
  plain: DnsAnswer,
  at: { subject: Subject; recordType: string; name: string; resolver: string },
): Finding {
  const [mine, theirs] = [dataOf(doh, at.recordType), dataOf(plain, at.recordType)];
  const [verdict, code] = difference(doh, plain, { mine, theirs });
  const shown = ({ rcode }: DnsAnswer, data: string[]) => (data.length > 0 ? data.join(", ") : rcode);
  const server = serverOf(at.resolver);
  const command = `dig ${server ? `@${server.host} -p ${server.port} ` : ""}${at.name} ${at.recordType}`;
  return {
    verdict,
    code,
    subject: at.subject,
    message: comparisonWords[code],
    observed: `DoH: ${shown(doh, mine)}`,
    expected: `resolver: ${shown(plain, theirs)}`,
    evidence: [doh, plain].map((answer) => ({ source: answer.server, excerpt: linesOf(answer) })),
    ...(verdict === "pass"
      ? {}
      : {
          remedy: [
            {
              purpose: "inspect",
              text: { en: "Ask the resolver by hand", "zh-CN": "手动查询解析器" },
              command,
            },
          ],
        }),
  };
}

const comparisonWords = {
  "same-answer": { en: "Both give the same answer.", "zh-CN": "两者答案相同。" },
  "overlapping-answer": {
    en: "The answers overlap, as they do for names with many addresses.",
    "zh-CN": "两个答案有重叠，地址很多的域名往往如此。",
  },
  "different-answer": {
    en: "The answers have nothing in common: a content network that answers by place, a split view, or a changed answer.",
    "zh-CN": "两个答案毫无交集：可能是按位置应答的内容分发网络、内外网不同的视图，或应答被改动。",
  },
  "only-one-answers": {
    en: "One of the two says that there is no such name or record. One of them filters, is stale, or sees another zone.",
    "zh-CN": "其中一个说没有这个域名或记录：有一方在过滤、缓存过期，或看到的是另一份区域数据。",
  },
  "server-fails": {
    en: "A server could not answer (SERVFAIL or REFUSED), so there is nothing to compare.",
    "zh-CN": "有服务器未能应答（SERVFAIL 或 REFUSED），无从比较。",
  },
} as const;

function difference(
  doh: DnsAnswer,
  plain: DnsAnswer,
  { mine, theirs }: { mine: string[]; theirs: string[] },
): [Finding["verdict"], keyof typeof comparisonWords] {
  const answers = ["NOERROR", "NXDOMAIN"];
  if (!answers.includes(doh.rcode) || !answers.includes(plain.rcode)) return ["fail", "server-fails"];
  if (mine.join("\n") === theirs.join("\n")) return ["pass", "same-answer"];
  if (mine.length === 0 || theirs.length === 0) return ["fail", "only-one-answers"];
  if (mine.some((data) => theirs.includes(data))) return ["pass", "overlapping-answer"];
  return ["warn", "different-answer"];
}

/** What was asked for, without the aliases on the way. */
function dataOf({ answers }: DnsAnswer, recordType: string): string[] {
  const found = answers.filter(({ type }) => type === recordType).map(({ data }) => data);
  const plain = recordType === "TXT" ? found : found.map((data) => data.toLowerCase().replace(/\.$/, ""));
  return [...new Set(plain)].sort();
}

function linesOf({ transport, rcode, authenticated, answers, ms }: DnsAnswer): string {
  const head = `${transport}, ${rcode}${authenticated ? ", validated" : ""}, ${ms} ms`;
  const lines = answers
    .slice(0, 20)
    .map(({ name, type, ttlSeconds, data }) => `${name} ${ttlSeconds ?? "-"} ${type} ${data}`);
  return [head, ...lines].join("\n");
}

function speed(doh: DnsAnswer, plain: DnsAnswer, at: { subject: Subject; warnMs: number }): Finding {
  const isSlow = doh.ms > at.warnMs;
  return {
    verdict: isSlow ? "warn" : "pass",
    code: isSlow ? "slow-doh" : "doh-fast-enough",
    subject: { ...at.subject, part: "time" },
    message: {
      en: `DoH took ${rounded(doh.ms)} ms with its connection, the ordinary resolver ${rounded(plain.ms)} ms.`,
      "zh-CN": `DoH 连同建立连接用了 ${rounded(doh.ms)} ms，普通解析器用了 ${rounded(plain.ms)} ms。`,
    },
    observed: `${rounded(doh.ms)} ms`,
    expected: `at most ${at.warnMs} ms`,
  };
}

function certificate(seen: TlsHandshake | undefined, at: { now: Date; warnDays: number }): Finding[] {
  const days = seen && daysLeft(seen, at.now);
  if (!seen || days === undefined) return [];
  const isSoon = days < at.warnDays;
  return [
    {
      verdict: isSoon ? "warn" : "pass",
      code: isSoon ? "certificate-expiring" : "certificate-valid",
      subject: { kind: "endpoint", name: seen.endpoint, part: "certificate" },
      message: {
        en: `The DoH server's certificate holds for ${days} more days.`,
        "zh-CN": `DoH 服务器的证书还有 ${days} 天到期。`,
      },
      observed: `${days} days, ${seen.protocol}`,
      expected: `at least ${at.warnDays} days`,
    },
  ];
}

function daysLeft({ sent }: TlsHandshake, now: Date): number | undefined {
  try {
    const { notAfter } = parseCertificate(Buffer.from(sent[0] ?? "", "base64"));
    return Math.floor((notAfter.getTime() - now.getTime()) / 86_400_000);
  } catch {
    return undefined;
  }
}

function measurementsOf(doh: DnsAnswer, plain: DnsAnswer, seen: TlsHandshake | undefined): Measurement[] {
  return [
    { name: "doh", subject: doh.server, value: rounded(doh.ms), unit: "ms" },
    { name: "resolver", subject: plain.server, value: rounded(plain.ms), unit: "ms" },
    ...(seen ? [{ name: "handshake", subject: seen.endpoint, value: seen.handshakeMs, unit: "ms" }] : []),
  ];
}
