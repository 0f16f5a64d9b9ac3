import type { Text } from "#common/text.ts";
import type { HttpPhases } from "./endpoint-requests.ts";

/** The phases one after the other, each for itself: where the time of an exchange goes. */
export const httpSteps = ["lookup", "connect", "tls", "send", "wait", "transfer"] as const;
export type HttpStep = (typeof httpSteps)[number];

export const stepWords: Record<HttpStep, Text> = {
  lookup: { en: "the name look-up", "zh-CN": "域名解析" },
  connect: { en: "the TCP connection", "zh-CN": "建立 TCP 连接" },
  tls: { en: "the TLS handshake", "zh-CN": "TLS 握手" },
  send: { en: "getting ready to send", "zh-CN": "准备发送请求" },
  wait: { en: "waiting for the first byte", "zh-CN": "等待首字节" },
  transfer: { en: "receiving the body", "zh-CN": "接收响应体" },
};

/** As headings. */
export const stepNames: Record<HttpStep, Text> = {
  lookup: { en: "Name look-up", "zh-CN": "域名解析" },
  connect: { en: "TCP connection", "zh-CN": "建立 TCP 连接" },
  tls: { en: "TLS handshake", "zh-CN": "TLS 握手" },
  send: { en: "Before sending", "zh-CN": "准备发送请求" },
  wait: { en: "Wait for the first byte", "zh-CN": "等待首字节" },
  transfer: { en: "Body", "zh-CN": "接收响应体" },
};

/** curl's times count from the beginning; each step is what lies between one and the next. */
export function stepsOf(phases: HttpPhases): Record<HttpStep, number> {
  const { lookupMs, connectMs, tlsMs, pretransferMs, firstByteMs, totalMs } = phases;
  const ready = Math.max(connectMs, tlsMs);
  const between = (from: number, to: number) => Math.max(0, to - from);
  return {
    lookup: lookupMs,
    connect: between(lookupMs, connectMs),
    tls: tlsMs === 0 ? 0 : between(connectMs, tlsMs),
    send: between(ready, pretransferMs),
    wait: between(pretransferMs, firstByteMs),
    transfer: between(firstByteMs, totalMs),
  };
}
