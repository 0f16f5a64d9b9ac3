import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { parseEvents } from "../needs/blkparse.ts";
import { traceOf } from "../needs/blkparse-findings.ts";
import { document } from "../needs/document.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the document; part: the device by its numbers ("253,108").
 * Codes: overlapped (pass), serial (warn), too-few (unknown); device-time (pass), device-slow and waits-before-device
 * (warn); unfinished (pass, unknown where no request ends); not-a-trace (unknown).
 */
export const check = defineCheck({
  id: "document/blkparse",
  version: 2,
  title: { en: "A trace of block requests, step by step", "zh-CN": "逐步解读块设备请求跟踪" },
  why: {
    en: "Two disks of the same kind, and one reads at half the speed. The trace shows where the time goes: in the device, in the queue before it, or in a program that asks for the next block only when it has the last.",
    "zh-CN":
      "同样的两块盘，一块只有一半的速度。跟踪能看出时间花在哪里：设备里、设备前的队列里，还是程序拿到上一块才去要下一块。",
  },
  remedy: {
    en: "Serial requests: read-ahead, a deeper queue, more threads. Long waits before the device: scheduler and queue settings. Long times in the device: the device.",
    "zh-CN":
      "请求串行：预读、更深的队列、更多线程。设备之前等待长：调度器与队列参数。设备内耗时长：设备本身。",
  },
  params: z.object({
    maxDeviceMs: param(z.number().min(0.01).max(60_000).default(50), {
      label: { en: "Warn when the device takes longer than", "zh-CN": "设备耗时超过则警告" },
      unit: "ms",
    }),
  }),
  needs: { text: document.text() },
  judge: ({ text }, limits) => {
    const events = parseEvents(text);
    if (events.length === 0) return { findings: [notATrace] };
    const devices = [...new Set(events.map(({ device }) => device))].sort();
    const traces = devices.map((device) =>
      traceOf(
        device,
        events.filter((event) => event.device === device),
        limits,
      ),
    );
    return {
      findings: traces.flatMap(({ findings }) => findings),
      measurements: traces.flatMap(({ measurements }) => measurements),
    };
  },
});

const notATrace: Finding = {
  verdict: "unknown",
  code: "not-a-trace",
  subject: { kind: "document", name: "blkparse" },
  message: {
    en: "No line of this text is an event of blkparse in its default format. Give what blkparse prints, not the files of blktrace, and without -f.",
    "zh-CN":
      "文本中没有 blkparse 默认格式的事件行。请提供 blkparse 的输出，而不是 blktrace 的文件，也不要用 -f 改格式。",
  },
};
