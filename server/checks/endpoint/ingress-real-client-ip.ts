import { z } from "zod";
import { parseAddress } from "#common/kubernetes/ip-range.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { type Believed, believed, type Echo, pickEcho } from "../needs/echoed-address.ts";
import { http } from "../needs/endpoint.ts";
import { nameOf } from "../needs/http-findings.ts";
import { param } from "../needs/param.ts";

const headers = [
  "X-Forwarded-For",
  "X-Real-IP",
  "Forwarded",
  "True-Client-IP",
  "X-Client-IP",
  "CF-Connecting-IP",
] as const;

/**
 * Subject: the address; part: the field of the echo.
 * Codes: header-not-believed, kept-aside (pass), client-writes-first (warn), passed-on-untouched, address-believed
 * (fail), no-echo, error-status (unknown).
 */
export const check = defineCheck({
  id: "endpoint/ingress-real-client-ip",
  version: 2,
  title: { en: "Whether a client can choose its own address", "zh-CN": "客户端能否自己指定地址" },
  why: {
    en: "Configuration says who ought to be believed; what arrives at the application shows who is. One request with a made-up address in a header tells whether logs, limits and allow lists behind it can be led astray.",
    "zh-CN":
      "配置写的是应该相信谁，应用收到的才说明实际相信了谁。带着编造的地址发一个请求，就知道后面的日志、限流和白名单会不会被骗。",
  },
  remedy: {
    en: "Let the first proxy that you own write the header anew, and believe it only from the ranges of your own proxies.",
    "zh-CN": "让自己的第一层代理重写这个请求头，并且只相信来自自家代理网段的值。",
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
        label: { en: "A page that echoes the request", "zh-CN": "会回显请求的页面" },
        help: {
          en: "It answers with the headers or the client's address that it received, as text or JSON. Empty: the registered HTTP endpoint.",
          "zh-CN": "以文本或 JSON 返回它收到的请求头或客户端地址。留空则使用已登记的 HTTP 端点。",
        },
        placeholder: "https://echo.example.com/headers",
      },
    ),
    header: param(z.enum(headers).default("X-Forwarded-For"), {
      label: { en: "Header to write it into", "zh-CN": "写进哪个请求头" },
    }),
    address: param(
      z
        .string()
        .trim()
        .max(45)
        .refine((text) => parseAddress(text) !== null, "an IP address")
        .default("192.0.2.77"),
      {
        label: { en: "Made-up address", "zh-CN": "编造的地址" },
        help: {
          en: "One of no network, such as 192.0.2.77.",
          "zh-CN": "不属于任何网络的地址，例如 192.0.2.77。",
        },
      },
    ),
  }),
  needs: ({ url, header, address }) => {
    const request = { url: url === "" ? null : url, method: "GET" as const, bodyBytes: 64 * 1024 };
    const value =
      header === "Forwarded" ? `for=${address.includes(":") ? `"[${address}]"` : address}` : address;
    return {
      honest: http.request(request, pickEcho),
      spoofed: http.request({ ...request, headers: { [header]: value } }, pickEcho),
    };
  },
  judge: ({ honest, spoofed }, { url, header, address }) => {
    if (!spoofed || !honest) return { skip: { what: "HTTP echo", detail: "there was no answer to look at" } };
    const page = url || honest.url || "";
    const subject: Subject = { kind: "endpoint", name: nameOf(page) || "registered endpoint" };
    const status = Math.max(honest.status, spoofed.status);
    if (status >= 400) return { findings: [errorStatus(subject, status)] };
    const found = believed(spoofed, address);
    if (honest.fields.length === 0 && found.length === 0) return { findings: [noEcho(subject)] };
    const at = { subject, url: page, header, address, honest };
    return {
      findings: found.length > 0 ? found.map((one) => findingOf(one, at)) : [notBelieved(spoofed, at)],
      measurements: [
        {
          name: "fieldsThatBelieve",
          value: found.filter(({ how }) => how !== "aside").length,
          unit: "{fields}",
        },
      ],
    };
  },
});

type At = { subject: Subject; url: string; header: string; address: string; honest: Echo };

const messages: Record<Believed["how"], (one: Believed, at: At) => Text> = {
  address: ({ field }, { header, address }) => ({
    en: `The back end takes ${address} for its client (${field}), because a client wrote it into ${header}. Anybody can choose the address that limits, allow lists and logs see.`,
    "zh-CN": `后端把 ${address} 当成了客户端（${field}），只因为客户端在 ${header} 里这么写。任何人都能自己决定限流、白名单和日志看到的地址。`,
  }),
  alone: ({ field }, { header, address }) => ({
    en: `${header} arrives as the client wrote it (${field}: ${address}), and no proxy on the way added the address that it saw: nothing behind can know the true one.`,
    "zh-CN": `${header} 原样到达后端（${field}：${address}），路上没有代理追加它看到的地址：后面无从知道真实地址。`,
  }),
  first: ({ field, value }, { address }) => ({
    en: `${field} arrives as "${value}": the made-up ${address} stands first and the true address behind it. Whoever takes the first entry believes the client; counting from the right is right.`,
    "zh-CN": `${field} 到达时为“${value}”：编造的 ${address} 排在最前，真实地址在它后面。取第一项的程序会被骗，应从右往左数。`,
  }),
  aside: ({ field }) => ({
    en: `The proxy wrote the header anew and kept the client's words aside, in ${field}. No application may take its address from there.`,
    "zh-CN": `代理重写了这个请求头，把客户端写的内容另存在 ${field}。应用不能从那里取地址。`,
  }),
};
const judged = {
  address: { code: "address-believed", verdict: "fail" },
  alone: { code: "passed-on-untouched", verdict: "fail" },
  first: { code: "client-writes-first", verdict: "warn" },
  aside: { code: "kept-aside", verdict: "pass" },
} as const;

function findingOf(one: Believed, at: At): Finding {
  const { code, verdict } = judged[one.how];
  const before = at.honest.fields.find(({ name }) => name === one.field)?.value;
  return {
    verdict,
    code,
    subject: { ...at.subject, part: one.field },
    message: messages[one.how](one, at),
    observed: one.value,
    expected: before ?? `no ${at.address}`,
    ...(verdict !== "pass" && { remedy: remedyOf(at) }),
  };
}

function remedyOf({ url, header, address }: At): NonNullable<Finding["remedy"]> {
  return [
    {
      purpose: "fix",
      text: {
        en: "At the first proxy that is yours: nginx set_real_ip_from with its balancers' ranges alone, ingress-nginx proxy-real-ip-cidr, Envoy xff_num_trusted_hops; elsewhere write the header anew from the connection",
        "zh-CN":
          "在自己的第一层代理上：nginx 的 set_real_ip_from 只写负载均衡器网段，ingress-nginx 用 proxy-real-ip-cidr，Envoy 用 xff_num_trusted_hops；其他情况就按连接重写这个请求头",
      },
    },
    {
      purpose: "verify",
      text: { en: "The made-up address is gone", "zh-CN": "编造的地址不应再出现" },
      command: shellCommand(
        "curl",
        "--silent",
        "--header",
        `${header}: ${address}`,
        url.split(/[?#]/, 1)[0] || "https://echo.example.com/",
      ),
    },
  ];
}

function notBelieved({ fields }: Echo, { subject, header, address }: At): Finding {
  const shown = fields.map(({ name, value }) => `${name}: ${value}`).join("\n");
  return {
    verdict: "pass",
    code: "header-not-believed",
    subject,
    message: {
      en: `${address} in ${header} did not come out anywhere in the echo.`,
      "zh-CN": `写在 ${header} 里的 ${address} 没有出现在回显的任何地方。`,
    },
    observed: fields
      .map(({ name }) => name)
      .sort()
      .join(", "),
    evidence: [{ source: "echo of the request with the header", excerpt: shown }],
  };
}

function noEcho(subject: Subject): Finding {
  return {
    verdict: "unknown",
    code: "no-echo",
    subject,
    message: {
      en: "The answer tells of no address that arrived: name a page that answers with the headers or the client's address as it received them.",
      "zh-CN": "应答里没有说明收到的地址：请填一个会返回所收到的请求头或客户端地址的页面。",
    },
  };
}

function errorStatus(subject: Subject, status: number): Finding {
  return {
    verdict: "unknown",
    code: "error-status",
    subject: { ...subject, part: "status" },
    message: {
      en: `The page answered with ${status}, which is no echo of a request.`,
      "zh-CN": `页面返回 ${status}，不是请求的回显。`,
    },
    observed: String(status),
    expected: "below 400",
  };
}
