import { z } from "zod";
import type { Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { type Difference, differences, type Queue, queuesOf, settingsText } from "../needs/queue-settings.ts";

const trimmed = (text: string) => text.trim();
const subjectOf = (name: string): Subject => ({ kind: "host", name: `/dev/${name}` });

/**
 * Subject: the device; for devices of one model that differ, the model, with the setting as its part.
 * Codes: queue-read (pass), beyond-hardware (fail), merges-off, no-read-ahead, read-ahead-large and model-differs
 * (warn).
 */
export const check = defineCheck({
  id: "host/block-queue-tuning",
  version: 2,
  title: { en: "Queue settings of the block devices", "zh-CN": "块设备的队列参数" },
  why: {
    en: "Two disks of one model in one machine, and one reads at half the speed: somebody tuned a queue by hand, a udev rule missed one, a new disk came in. Nothing reports the difference.",
    "zh-CN":
      "同一台机器里两块同型号的盘，一块只有一半的速度：有人手工调过队列，udev 规则漏了一块，或者换过新盘。没有任何地方会报告这种差别。",
  },
  remedy: {
    en: "Give all disks of a model the same settings, by a udev rule that names the model.",
    "zh-CN": "用按型号匹配的 udev 规则，让同型号的盘使用相同的参数。",
  },
  params: z.object({
    maxReadAheadKb: param(z.number().int().min(1).max(1_048_576).default(16_384), {
      label: { en: "Warn when read-ahead is above", "zh-CN": "预读超过则警告" },
      unit: "KiB",
    }),
  }),
  needs: {
    places: host.links("/sys/block/*", (target) => target),
    schedulers: host.glob("/sys/block/*/queue/scheduler", trimmed),
    numbers: host.glob("/sys/block/*/queue/*max*sectors_kb", trimmed),
    merges: host.glob("/sys/block/*/queue/nomerges", trimmed),
    affinity: host.glob("/sys/block/*/queue/rq_affinity", trimmed),
    readAhead: host.glob("/sys/block/*/queue/read_ahead_kb", trimmed),
    rotational: host.glob("/sys/block/*/queue/rotational", trimmed),
    models: optional(host.glob("/sys/block/*/device/model", trimmed)),
  },
  judge: ({ places, models, ...files }, { maxReadAheadKb }) => {
    const all = queuesOf({ places, models, settings: Object.values(files).flat() });
    const queues = all.filter(({ made }) => !made);
    // A file system reads ahead by the setting of the device it lies on, not by those of the disks below.
    const unread = all.filter(({ made, values }) => made && values.read_ahead_kb === 0);
    if (queues.length + unread.length === 0)
      return { skip: { what: "/sys/block", detail: "no disk but those the kernel makes itself" } };
    return {
      findings: [
        ...[...queues, ...unread].flatMap((queue) => deviceFindings(queue, maxReadAheadKb)),
        ...differences(queues).map(differs),
      ],
      measurements: queues.flatMap(measured),
    };
  },
});

function deviceFindings(queue: Queue, maxReadAheadKb: number): Finding[] {
  const { name, values, rotational } = queue;
  const subject = subjectOf(name);
  const settings = settingsText(queue);
  const read: Finding = {
    verdict: "pass",
    code: "queue-read",
    subject,
    message: { en: `/dev/${name}: ${settings}`, "zh-CN": `/dev/${name} 的队列参数：${settings}` },
    observed: settings,
  };
  const found: Finding[] = [];
  const { max_sectors_kb: most, max_hw_sectors_kb: hardware, read_ahead_kb: ahead, nomerges } = values;
  const add = (finding: Omit<Finding, "subject">) => found.push({ subject, ...finding });
  if (most !== undefined && hardware !== undefined && most > hardware)
    add({
      ...{ verdict: "fail", code: "beyond-hardware", observed: `${most} KiB`, expected: `≤ ${hardware} KiB` },
      message: {
        en: `/dev/${name} is to take requests of ${most} KiB, more than its hardware takes (${hardware} KiB): the driver or a layer below reports wrong limits.`,
        "zh-CN": `/dev/${name} 允许 ${most} KiB 的请求，超过硬件上限 ${hardware} KiB：驱动或下层报告的限制不对。`,
      },
      remedy: [set(name, "max_sectors_kb", hardware)],
    });
  if (nomerges === 2 && rotational)
    add({
      ...{ verdict: "warn", code: "merges-off", observed: "nomerges=2", expected: "nomerges=0" },
      message: {
        en: `/dev/${name} turns, and neighbouring requests are not merged (nomerges=2): every piece costs a movement of the head.`,
        "zh-CN": `/dev/${name} 是机械盘，却关闭了请求合并（nomerges=2）：每一小块都要移动一次磁头。`,
      },
      remedy: [set(name, "nomerges", 0)],
    });
  if (ahead === 0)
    add({
      ...{
        verdict: "warn",
        code: "no-read-ahead",
        observed: "read_ahead_kb=0",
        expected: "read_ahead_kb=128",
      },
      message: {
        en: `/dev/${name} reads nothing ahead: a program that reads a file from front to back waits for every block.`,
        "zh-CN": `/dev/${name} 不预读：顺序读文件的程序每一块都要等。`,
      },
      remedy: [set(name, "read_ahead_kb", 128)],
    });
  else if (ahead !== undefined && ahead > maxReadAheadKb)
    add({
      ...{
        verdict: "warn",
        code: "read-ahead-large",
        observed: `${ahead} KiB`,
        expected: `≤ ${maxReadAheadKb} KiB`,
      },
      message: {
        en: `/dev/${name} reads ${ahead} KiB ahead: random reads fetch far more than they need and push other pages out of memory.`,
        "zh-CN": `/dev/${name} 预读 ${ahead} KiB：随机读会取来大量用不到的数据，并把其他页面挤出内存。`,
      },
      remedy: [set(name, "read_ahead_kb", 128)],
    });
  return found.length > 0 ? found : [read];
}

function set(name: string, file: string, value: number): RemedyStep {
  return {
    purpose: "fix",
    text: { en: "Until the next start; keep it with a udev rule", "zh-CN": "重启后失效，需用 udev 规则固定" },
    command: `echo ${value} | sudo tee /sys/block/${name}/queue/${file}`,
  };
}

function differs({ model, setting, groups }: Difference): Finding {
  const [usual, ...others] = groups;
  const shown = groups.map(({ value, devices }) => `${value}: ${devices.join(", ")}`).join("; ");
  return {
    verdict: "warn",
    code: "model-differs",
    subject: { kind: "host", name: model, part: setting },
    message: {
      en: `Disks of the model ${model} differ in ${setting} (${shown}).`,
      "zh-CN": `同型号 ${model} 的盘 ${setting} 不一致（${shown}）。`,
    },
    observed: shown,
    expected: usual?.value ?? "",
    remedy: others.flatMap(({ devices }) =>
      devices.map((name) => ({
        purpose: "fix" as const,
        text: { en: `Give ${name} what the others have`, "zh-CN": `让 ${name} 与其他盘一致` },
        command: `echo ${usual?.value} | sudo tee /sys/block/${name}/queue/${setting}`,
      })),
    ),
  };
}

function measured({ name, values }: Queue): Measurement[] {
  return Object.entries(values).map(([setting, value]) => ({
    ...{ name: setting, subject: `/dev/${name}`, value },
    unit: setting.endsWith("_kb") ? "KiBy" : "1",
  }));
}
