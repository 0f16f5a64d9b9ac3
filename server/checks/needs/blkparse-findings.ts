import type { Evidence, Finding, Measurement, Subject } from "#common/result.ts";
import { type BlockEvent, type BlockRequest, depthOf, issueOf, requestsOf } from "./blkparse.ts";
import { percentile } from "./percentile.ts";

type Limits = { maxDeviceMs: number };

/** Three digits: fast devices take some microseconds. */
const ms = (seconds: number) => Number((seconds * 1000).toPrecision(3));
const between = (from: number | null, to: number | null) =>
  from === null || to === null ? [] : [Math.max(0, to - from)];

/** What one device's events say. */
export function traceOf(device: string, events: readonly BlockEvent[], limits: Limits) {
  const requests = requestsOf(events);
  const whole = requests.flatMap(({ queued, completed }) => between(queued, completed));
  const inDevice = requests.flatMap(({ dispatched, completed }) => between(dispatched, completed));
  const before = requests.flatMap(({ queued, dispatched }) => between(queued, dispatched));
  const times = { whole, inDevice, before };
  const subject: Subject = { kind: "document", name: "blkparse", part: device };
  return {
    findings: [
      issueFinding(subject, events, requests),
      ...timeFindings(subject, times, limits),
      ...unfinished(subject, requests),
    ],
    measurements: measured(device, requests, times, limits),
  };
}

function issueFinding(subject: Subject, events: readonly BlockEvent[], requests: BlockRequest[]): Finding {
  const { overlapped, serial } = issueOf(events);
  const merged = requests.reduce((sum, one) => sum + one.merged, 0);
  const evidence = [table(requests), depths(requests)];
  const asked = overlapped + serial;
  const observed = `${overlapped} of ${asked} asked for while another was under way, ${merged} merged`;
  const rest = { subject, observed, evidence };
  if (asked === 0) {
    const message = {
      en: "A single request tells nothing about how they follow each other; trace for longer.",
      "zh-CN": "只有一个请求，看不出请求之间的先后关系；请采集更长时间。",
    };
    return { verdict: "unknown", code: "too-few", message, ...rest };
  }
  if (overlapped * 2 >= asked) {
    const message = {
      en: `Requests overlap: ${overlapped} of ${asked} were asked for before the one before was done, and ${merged} pieces were merged.`,
      "zh-CN": `请求是重叠发出的：${asked} 个中有 ${overlapped} 个在前一个完成之前就已发出，合并了 ${merged} 个。`,
    };
    return { verdict: "pass", code: "overlapped", message, ...rest };
  }
  return {
    verdict: "warn",
    code: "serial",
    message: {
      en: `Requests come one after another: ${serial} of ${asked} were asked for only when everything before was done. The device idles in between, and throughput is one request per round trip.`,
      "zh-CN": `请求一个接一个：${asked} 个中有 ${serial} 个等前面全部完成才发出。其间设备空闲，吞吐量就是每个往返一个请求。`,
    },
    ...rest,
    expected: "the next request before the last one is done: read-ahead, a deeper queue, more threads",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "See whether the kernel reads ahead on this device; 0 means that it does not",
          "zh-CN": "查看内核在该设备上的预读；0 表示不预读",
        },
        command: `cat /sys/dev/block/${subject.part?.replace(",", ":")}/queue/read_ahead_kb`,
      },
    ],
  };
}

type Times = { whole: number[]; inDevice: number[]; before: number[] };

function timeFindings(
  subject: Subject,
  { whole, inDevice, before }: Times,
  { maxDeviceMs }: Limits,
): Finding[] {
  if (whole.length === 0) return [];
  const [median, high] = [percentile(inDevice, 0.5), percentile(inDevice, 0.99)].map(ms);
  const waits = ms(percentile(before, 0.5));
  const findings: Finding[] = [];
  const slow = (high ?? 0) > maxDeviceMs;
  findings.push({
    verdict: slow ? "warn" : "pass",
    code: slow ? "device-slow" : "device-time",
    subject,
    message: {
      en: `The device took ${median} ms for the middle request and ${high} ms for the slowest of a hundred (D to C, ${inDevice.length} requests).`,
      "zh-CN": `设备处理请求的中位数为 ${median} 毫秒，99 分位为 ${high} 毫秒（D 到 C，共 ${inDevice.length} 个请求）。`,
    },
    observed: `D2C p99 ${high} ms`,
    expected: `≤ ${maxDeviceMs} ms`,
  });
  if (waits > (median ?? 0) && waits > 1)
    findings.push({
      verdict: "warn",
      code: "waits-before-device",
      subject,
      message: {
        en: `The middle request waited ${waits} ms before it was sent to the device (Q to D), longer than the device itself took: the queue or the scheduler holds it.`,
        "zh-CN": `请求发往设备之前的等待中位数为 ${waits} 毫秒（Q 到 D），比设备本身的处理时间还长：被队列或调度器扣住了。`,
      },
      observed: `Q2D p50 ${waits} ms, D2C p50 ${median} ms`,
    });
  return findings;
}

function unfinished(subject: Subject, requests: BlockRequest[]): Finding[] {
  const count = requests.filter(({ completed }) => completed === null).length;
  if (count === 0) return [];
  const none = count === requests.length;
  const message = {
    en: `${count} of ${requests.length} requests have no end in this text${none ? ": no times can be reckoned" : "; they are left out of the times"}.`,
    "zh-CN": `${requests.length} 个请求中有 ${count} 个在文本里没有结束${none ? "：无法计算耗时" : "，不计入耗时"}。`,
  };
  const verdict = none ? "unknown" : "pass";
  return [{ verdict, code: "unfinished", subject, message, observed: String(count) }];
}

const shownRequests = 40;

/** Each request's steps, in microseconds after it was asked for. */
function table(requests: BlockRequest[]): Evidence {
  const step = (from: number | null, to: number | null) =>
    from === null || to === null ? "-" : `${Math.round((to - from) * 1e6)}`;
  const rows = requests.slice(0, shownRequests).map(({ queued, operation, sector, sectors, ...one }) => {
    const steps = [one.got, one.inserted, one.dispatched, one.completed].map((time) => step(queued, time));
    return [`${operation} ${sector}+${sectors}`, ...steps, String(one.merged)].join("\t");
  });
  const excerpt = ["request\tG\tI\tD\tC\tmerged", ...rows].join("\n");
  return { source: `µs after Q, the first ${rows.length} of ${requests.length} requests`, excerpt };
}

function depths(requests: BlockRequest[]): Evidence {
  const changes = depthOf(requests);
  const begin = changes[0]?.time ?? 0;
  const lines = changes
    .slice(0, shownRequests)
    .map(
      ({ time, depth }) =>
        `${((time - begin) * 1000).toFixed(3)} ms\t${"#".repeat(Math.min(depth, 64))} ${depth}`,
    );
  return { source: "requests under way", excerpt: lines.join("\n") };
}

function measured(
  device: string,
  requests: BlockRequest[],
  times: Times,
  { maxDeviceMs }: Limits,
): Measurement[] {
  const depth = depthOf(requests).map((one) => one.depth);
  const spread = { Q2C: times.whole, D2C: times.inDevice, Q2D: times.before };
  const bound = { D2C: { warn: { above: maxDeviceMs } } } as const;
  return [
    { name: "requests", subject: device, value: requests.length, unit: "{requests}" },
    ...(depth.length > 0
      ? [{ name: "deepest queue", subject: device, value: Math.max(...depth), unit: "{requests}" }]
      : []),
    ...Object.entries(spread).flatMap(([name, values]) =>
      values.length === 0
        ? []
        : [0.5, 0.95, 0.99].map((fraction) => ({
            ...{ name: `${name} p${fraction * 100}`, subject: device, unit: "ms" },
            value: ms(percentile(values, fraction)),
            ...(name === "D2C" && fraction === 0.99 ? bound.D2C : {}),
          })),
    ),
  ];
}
