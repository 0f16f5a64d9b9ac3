import { z } from "zod";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  certificate,
  comparison,
  endpointOf,
  measurementsOf,
  serverOf,
  speed,
  unreadDoh,
} from "../needs/doh-findings.ts";
import { dns } from "../needs/endpoint.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { tls } from "../needs/tls.ts";

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
