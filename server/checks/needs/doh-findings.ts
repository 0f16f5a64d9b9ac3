import type { Finding, Measurement, Subject } from "#common/result.ts";
import type { DnsAnswer } from "./endpoint-requests.ts";
import type { Unread } from "./need.ts";
import { rounded } from "./percentile.ts";
import type { TlsHandshake } from "./tls.ts";
import { parseCertificate } from "./x509.ts";

const serverPattern =
  /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)(?::([0-9]{1,5}))?$/;

export function serverOf(text: string): { host: string; port: number } | null {
  const match = serverPattern.exec(text);
  const port = Number(match?.[3] ?? 53);
  if (!match?.[1] || port < 1 || port > 65_535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

export function endpointOf(url: string): { host: string; port: number } | null {
  const match = /^https:\/\/([^/?#]+)/.exec(url);
  if (!match?.[1]) return null;
  const at = serverOf(match[1]);
  return at && { host: at.host, port: /:\d+$/.test(match[1]) ? at.port : 443 };
}

/** A certificate that does not hold is a finding; anything else that kept the answer away is not known. */
export function unreadDoh({ unread }: Unread, subject: Subject, url: string): Finding {
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

export function comparison(
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

export function speed(doh: DnsAnswer, plain: DnsAnswer, at: { subject: Subject; warnMs: number }): Finding {
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

export function certificate(seen: TlsHandshake | undefined, at: { now: Date; warnDays: number }): Finding[] {
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

export function measurementsOf(
  doh: DnsAnswer,
  plain: DnsAnswer,
  seen: TlsHandshake | undefined,
): Measurement[] {
  return [
    { name: "doh", subject: doh.server, value: rounded(doh.ms), unit: "ms" },
    { name: "resolver", subject: plain.server, value: rounded(plain.ms), unit: "ms" },
    ...(seen ? [{ name: "handshake", subject: seen.endpoint, value: seen.handshakeMs, unit: "ms" }] : []),
  ];
}
