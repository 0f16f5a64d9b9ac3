import { z } from "zod";
import type { Finding, Measurement } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { notMeasured, withoutResult } from "../needs/active-fact.ts";
import { type FioResult, type Latency, parseFio } from "../needs/fio.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/** What fio needs beside the writing itself: laying out the file, and ending. */
const spareSeconds = 15;

export const check = defineCheck({
  id: "host/disk-write-latency",
  version: 1,
  title: { en: "Latency of small synchronous writes", "zh-CN": "小块同步写入的延迟" },
  why: {
    en: "Databases, etcd and queues wait for each small write to be on the disk. A disk that looks fast in bytes per second may still take tens of milliseconds for one of them.",
    "zh-CN":
      "数据库、etcd 和消息队列都要等每次小写入真正落盘。吞吐看起来很高的磁盘，单次落盘仍可能要几十毫秒。",
  },
  remedy: {
    en: "Compare with another disk or host of the same kind; then look at the scheduler, at who else writes to the device, and at the limits of the volume.",
    "zh-CN": "先和同类磁盘或主机对比，再检查 I/O 调度器、同一设备上的其他写入者，以及云盘自身的限额。",
  },
  effect: "active",
  impact: {
    en: "fio writes 4 KiB blocks at random places of a file of its own, each followed by fsync: at most 40 s, at most 2 GiB written, the file 1 GiB at most. Others on the same disk wait longer meanwhile. The file is removed.",
    "zh-CN":
      "fio 在自己的文件里随机写入 4 KiB 的块，每次写完都 fsync：最长 40 秒，最多写入 2 GiB，文件最大 1 GiB。期间同一磁盘上的其他写入会变慢。结束后文件会被删除。",
  },
  params: z.object({
    folder: param(
      z
        .string()
        .max(200)
        .regex(/^\/(?!.*\.\.)[\w./-]*$/)
        .default("/var/tmp"),
      { label: { en: "Folder on the disk to measure", "zh-CN": "被测磁盘上的目录" } },
    ),
    runSeconds: param(z.number().int().min(1).max(40).default(15), {
      label: { en: "Write for at most", "zh-CN": "写入时长上限" },
      unit: "s",
    }),
    sizeMib: param(z.number().int().min(16).max(1024).default(500), {
      label: { en: "Size of the file", "zh-CN": "文件大小" },
      unit: "MiB",
    }),
    warnSyncMs: param(z.number().min(0.1).max(10_000).default(10), {
      label: {
        en: "Warn when the 99th percentile of fsync is above",
        "zh-CN": "fsync 第 99 百分位超过则警告",
      },
      unit: "ms",
    }),
    failSyncMs: param(z.number().min(0.1).max(10_000).default(100), {
      label: { en: "Fail when it is above", "zh-CN": "超过则不通过" },
      unit: "ms",
    }),
  }),
  needs: ({ folder, runSeconds, sizeMib }) => ({
    fio: optional(
      host.active(
        {
          argv: [
            "fio",
            "--name=TEST",
            "--filename={work}/fio-tempfile.dat",
            "--rw=randwrite",
            `--size=${sizeMib}m`,
            "--io_size=2g",
            "--blocksize=4k",
            "--ioengine=libaio",
            "--fsync=1",
            "--iodepth=1",
            "--direct=1",
            "--numjobs=1",
            `--runtime=${runSeconds}`,
            "--group_reporting",
            "--output-format=json",
          ],
          workBelow: folder,
          limitSeconds: runSeconds + spareSeconds,
        },
        parseFio,
      ),
    ),
  }),
  judge: ({ fio }, params) => {
    const subject = { kind: "host", name: params.folder };
    if (isUnread(fio)) return notMeasured(fio, { tool: "fio", subject });
    if ("failed" in fio) return withoutResult(subject, "fio-failed", fio.failed);
    const bounds = { warn: { above: params.warnSyncMs }, fail: { above: params.failSyncMs } };
    return {
      findings: [finding(fio, params)],
      measurements: [
        { name: "write IOPS", subject: params.folder, value: fio.iops, unit: "{writes}/s" },
        { name: "write throughput", subject: params.folder, value: fio.bytesPerSecond, unit: "By/s" },
        ...percentiles("write latency", params.folder, fio.write),
        ...percentiles("fsync latency", params.folder, fio.sync).map((one) =>
          one.name.endsWith("p99") ? { ...one, ...bounds } : one,
        ),
      ],
    };
  },
});

type Params = { folder: string; warnSyncMs: number; failSyncMs: number };

function finding(fio: Exclude<FioResult, { failed: string }>, params: Params): Finding {
  const { p50Ms, p99Ms } = fio.sync;
  const verdict = p99Ms > params.failSyncMs ? "fail" : p99Ms > params.warnSyncMs ? "warn" : "pass";
  return {
    verdict,
    code: verdict === "pass" ? "writes-in-time" : "writes-slow",
    subject: { kind: "host", name: params.folder },
    message: {
      en: `One write and its fsync: ${p50Ms} ms in the middle, ${p99Ms} ms at the 99th percentile; ${fio.iops} writes per second over ${fio.seconds} s.`,
      "zh-CN": `单次写入加 fsync：中位数 ${p50Ms} ms，第 99 百分位 ${p99Ms} ms；${fio.seconds} 秒内平均每秒 ${fio.iops} 次写入。`,
    },
    observed: `${p99Ms} ms`,
    expected: `≤ ${params.warnSyncMs} ms`,
    ...(verdict === "pass" ? {} : { remedy: slower(params.folder) }),
  };
}

function slower(folder: string): Finding["remedy"] {
  return [
    {
      purpose: "inspect",
      text: { en: "Which device is behind the folder", "zh-CN": "目录位于哪个设备" },
      command: `findmnt --target ${folder}`,
    },
    {
      purpose: "inspect",
      text: { en: "Who else writes, and how long requests wait", "zh-CN": "还有谁在写入，请求等待多久" },
      command: "iostat -x 1 5",
    },
  ];
}

function percentiles(name: string, subject: string, latency: Latency): Measurement[] {
  const { p50Ms, p95Ms, p99Ms, p999Ms, maxMs } = latency;
  const values = { p50: p50Ms, p95: p95Ms, p99: p99Ms, "p99.9": p999Ms, max: maxMs };
  return Object.entries(values).map(([at, value]) => ({ name: `${name} ${at}`, subject, value, unit: "ms" }));
}
