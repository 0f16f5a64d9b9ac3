import { z } from "zod";
import type { Finding, Measurement } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { notMeasured, withoutResult } from "../needs/active-fact.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { type Capture, parseCapture } from "../needs/pcap.ts";

/** Of each packet: its headers, and little of what it carries. */
const snapBytes = 128;
const collect = { file: "capture.pcap", maxBytes: 2 << 20 };

export const check = defineCheck({
  id: "host/packet-capture",
  version: 1,
  title: { en: "Packet capture on a host", "zh-CN": "在主机上抓包" },
  why: {
    en: "When two ends tell different stories, the packets on the wire settle it: who opened a connection, who reset it, and who never answered.",
    "zh-CN": "两端各执一词的时候，线上的数据包最有说服力：谁建立的连接，谁发的 RST，谁一直没有应答。",
  },
  remedy: {
    en: "Capture at both ends at once and compare: what one sent and the other never saw was lost between them.",
    "zh-CN": "在两端同时抓包再对比：一端发出、另一端没看到的包，就丢在了两者之间。",
  },
  effect: "active",
  impact: {
    en: "tcpdump, as root, keeps the first 128 bytes of at most 10,000 packets for at most 30 s: 2 MiB at most below /tmp, removed afterwards. The capture is kept with the result; it may hold addresses and the beginning of what was sent.",
    "zh-CN":
      "以 root 运行 tcpdump，最长 30 秒，最多保留 10,000 个包的前 128 字节：在 /tmp 下最多占用 2 MiB，结束后删除。抓到的内容会随结果保存，其中可能有地址和传输内容的开头部分。",
  },
  params: z.object({
    interface: param(
      z
        .string()
        .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,14}$/)
        .default("any"),
      { label: { en: "Interface", "zh-CN": "网卡" } },
    ),
    address: param(z.union([z.literal(""), z.ipv4(), z.ipv6()]).default(""), {
      label: { en: "Only to or from this address", "zh-CN": "只抓这个地址的包" },
      placeholder: "10.0.0.7",
    }),
    port: param(z.number().int().min(0).max(65_535).default(0), {
      label: { en: "Only this port (0: all)", "zh-CN": "只抓这个端口（0 表示全部）" },
    }),
    captureSeconds: param(z.number().int().min(1).max(30).default(10), {
      label: { en: "Capture for at most", "zh-CN": "抓包时长上限" },
      unit: "s",
    }),
    maxPackets: param(z.number().int().min(1).max(10_000).default(1_000), {
      label: { en: "Packets at most", "zh-CN": "最多包数" },
      unit: "{packets}",
    }),
    warnResets: param(z.number().int().min(1).max(10_000).default(1), {
      label: { en: "Warn from this many resets", "zh-CN": "RST 达到多少个则警告" },
      unit: "{packets}",
    }),
  }),
  needs: ({ interface: name, address, port, captureSeconds, maxPackets }) => ({
    capture: optional(
      host.active(
        {
          argv: [
            "tcpdump",
            "-n",
            "-U",
            "-Z",
            "root",
            "-i",
            `${name}`,
            "-c",
            `${maxPackets}`,
            "-s",
            `${snapBytes}`,
            "-w",
            `{work}/${collect.file}`,
            ...filter(address, port),
          ],
          limitSeconds: captureSeconds,
          collect,
          sudo: true,
        },
        parseCapture,
      ),
    ),
  }),
  judge: ({ capture }, params) => {
    const subject = { kind: "host", name: params.interface };
    if (isUnread(capture)) return notMeasured(capture, { tool: "tcpdump", subject });
    if ("failed" in capture) return withoutResult(subject, "tcpdump-failed", capture.failed);
    return { findings: [finding(capture, params)], measurements: measurements(capture, params.interface) };
  },
});

function filter(address: string, port: number): string[] {
  const parts = [...(address ? [["host", address]] : []), ...(port ? [["port", String(port)]] : [])];
  return parts.flatMap((part, index) => (index === 0 ? part : ["and", ...part]));
}

type Captured = Exclude<Capture, { failed: string }>;
type Params = { interface: string; maxPackets: number; warnResets: number };

function finding(capture: Captured, params: Params): Finding {
  const { packets, bytes, seconds, tcpOpened, tcpReset } = capture;
  const resets = tcpReset >= params.warnResets;
  const said = {
    en: `${packets} packets, ${bytes} bytes in ${seconds} s: ${tcpOpened} connections opened, ${tcpReset} resets.`,
    "zh-CN": `${seconds} 秒内 ${packets} 个包，共 ${bytes} 字节：新建连接 ${tcpOpened} 个，RST ${tcpReset} 个。`,
  };
  const none = {
    en: "Not one packet passed that fits the filter.",
    "zh-CN": "没有符合过滤条件的包经过。",
  };
  return {
    verdict: resets ? "warn" : "pass",
    code: resets ? "resets-seen" : packets === 0 ? "nothing-seen" : "captured",
    subject: { kind: "host", name: params.interface },
    message: packets === 0 ? none : said,
    observed: `${tcpReset} RST`,
    expected: `< ${params.warnResets} RST`,
    ...(packets > 0 ? { evidence: [{ source: "tcpdump", excerpt: talk(capture) }] } : {}),
  };
}

function talk({ talkers, droppedByKernel }: Captured): string {
  const lines = talkers.map(
    ({ from, to, protocol, packets, bytes }) =>
      `${protocol} ${from} > ${to}: ${packets} packets, ${bytes} bytes`,
  );
  if (droppedByKernel > 0) lines.push(`${droppedByKernel} packets dropped by the kernel`);
  return lines.join("\n");
}

function measurements({ packets, bytes, protocols, tcpOpened, tcpReset }: Captured, subject: string) {
  const counts: Record<string, number> = { packets, ...protocols, "tcp SYN": tcpOpened, "tcp RST": tcpReset };
  return [
    ...Object.entries(counts).map(
      ([name, value]): Measurement => ({ name, subject, value, unit: "{packets}" }),
    ),
    { name: "bytes", subject, value: bytes, unit: "By" },
  ];
}
