import { z } from "zod";
import type { Finding, Measurement, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { type Disk, disksOf, mountOf, parseElevator, parseScheduler } from "../needs/block-devices.ts";
import { elevatorFindings, pathFinding } from "../needs/block-findings.ts";
import { host } from "../needs/host.ts";
import { optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const toNumber = (text: string) => Number(text.trim());
/** They divide a disk's time among processes, which pays where time is lost by moving a head. */
const fair = new Set(["bfq", "cfq"]);

/**
 * Subject: the device; for the boot parameter /proc/cmdline, for the asked path that path.
 * Codes: scheduler and no-scheduler (pass), fair-queuing (warn), kind-unknown (unknown), elevator-ignored (warn),
 * elevator-heeded (pass), cmdline-unread (unknown), behind-path (pass), behind-path-unknown (unknown).
 */
export const check = defineCheck({
  id: "host/io-schedulers",
  version: 1,
  title: { en: "Schedulers of the block devices", "zh-CN": "块设备的 I/O 调度器" },
  why: {
    en: "A scheduler that waits and shares helps a disk with a moving head and slows down one without. Which one is active depends on kernel, distribution and old tuning, and no longer on the boot parameter.",
    "zh-CN":
      "会等待、会平分的调度器对机械盘有好处，对没有磁头的盘只会拖慢。实际用哪个取决于内核、发行版和过去的调优，与启动参数早已无关。",
  },
  remedy: {
    en: "Choose none or mq-deadline for disks that are fast or virtual, keep the choice in a udev rule, and take elevator= out of the boot parameters.",
    "zh-CN": "高速盘和虚拟盘选 none 或 mq-deadline，用 udev 规则固定下来，并从启动参数里去掉 elevator=。",
  },
  params: z.object({
    path: param(
      z
        .string()
        .max(200)
        .regex(/^(\/(?!.*\.\.)[\w./-]*)?$/)
        .default(""),
      {
        label: { en: "Which device is behind this path", "zh-CN": "查看该路径所在的设备" },
        help: { en: "Empty: not asked.", "zh-CN": "留空则不查。" },
        placeholder: "/var/lib/mysql",
      },
    ),
  }),
  needs: ({ path }) => ({
    kernel: host.sysctl("kernel.osrelease"),
    elevator: optional(host.file("/proc/cmdline", parseElevator)),
    places: host.links("/sys/block/*", (target) => target),
    schedulers: host.glob("/sys/block/*/queue/scheduler", parseScheduler),
    rotational: optional(host.glob("/sys/block/*/queue/rotational", toNumber)),
    requests: optional(host.glob("/sys/block/*/queue/nr_requests", toNumber)),
    depths: optional(host.glob("/sys/block/*/device/queue_depth", toNumber)),
    vendors: optional(host.glob("/sys/block/*/device/vendor", (text) => text.trim())),
    numbers: optional(host.links("/sys/dev/block/*", (target) => target)),
    slaves: optional(host.links("/sys/block/*/slaves/*", (target) => target)),
    mount: optional(host.file("/proc/self/mountinfo", (text) => mountOf(text, path ?? ""))),
  }),
  judge: ({ kernel, elevator, numbers, slaves, mount, ...facts }, { path }) => {
    const disks = disksOf(facts);
    const shown = disks.filter(({ made, scheduler }) => !made || fair.has(scheduler?.active ?? ""));
    const findings = [...shown.map(diskFinding), ...elevatorFindings(elevator, disks, kernel)];
    if (path) findings.push(pathFinding(path, mount, { places: facts.places, numbers, slaves }));
    if (findings.length === 0)
      return { skip: { what: "/sys/block", detail: "no disk but those the kernel makes itself" } };
    return { findings, measurements: shown.flatMap(measured) };
  },
});

function diskFinding(disk: Disk): Finding {
  const { name, scheduler, rotational, lentBy } = disk;
  const subject: Subject = { kind: "host", name: `/dev/${name}` };
  const evidence = [{ source: `/sys/block/${name}/queue`, excerpt: excerptOf(disk) }];
  if (!scheduler) {
    const message = {
      en: `/dev/${name} has no scheduler: its driver takes requests as they come.`,
      "zh-CN": `/dev/${name} 没有调度器：请求由驱动直接处理。`,
    };
    return { verdict: "pass", code: "no-scheduler", subject, message, evidence };
  }
  const { active } = scheduler;
  const rest = { subject, observed: active, evidence };
  if (!fair.has(active) || (rotational && !lentBy)) {
    const message = {
      en: `/dev/${name} uses ${active} (${kindOf(disk).en}).`,
      "zh-CN": `/dev/${name} 使用 ${active}（${kindOf(disk)["zh-CN"]}）。`,
    };
    return { verdict: "pass", code: "scheduler", message, ...rest };
  }
  if (rotational === null && !lentBy) {
    const message = {
      en: `/dev/${name} uses ${active}; whether that fits is not known, because the device does not say whether it turns.`,
      "zh-CN": `/dev/${name} 使用 ${active}；设备没有说明自己是不是机械盘，无法判断是否合适。`,
    };
    return { verdict: "unknown", code: "kind-unknown", message, ...rest };
  }
  return {
    verdict: "warn",
    code: "fair-queuing",
    message: {
      en: `/dev/${name} uses ${active} (${kindOf(disk).en}): it waits for neighbours where waiting saves nothing.`,
      "zh-CN": `/dev/${name} 使用 ${active}（${kindOf(disk)["zh-CN"]}）：它会等待相邻请求，而在这类盘上等待毫无收益。`,
    },
    ...rest,
    expected: "none, mq-deadline",
    remedy: switchTo(name, scheduler.available),
  };
}

function kindOf({ rotational, lentBy }: Disk) {
  if (lentBy) return { en: `a virtual disk, ${lentBy}`, "zh-CN": `虚拟盘，${lentBy}` };
  if (rotational === null) return { en: "kind unknown", "zh-CN": "类型未知" };
  return rotational ? { en: "rotational", "zh-CN": "机械盘" } : { en: "non-rotational", "zh-CN": "非机械盘" };
}

function excerptOf({ scheduler, rotational, requests, depth }: Disk): string {
  const choice = scheduler?.available.map((one) => (one === scheduler.active ? `[${one}]` : one)).join(" ");
  const lines = {
    scheduler: choice,
    rotational: rotational === null ? undefined : Number(rotational),
    nr_requests: requests ?? undefined,
    queue_depth: depth ?? undefined,
  };
  const known = Object.entries(lines).filter(([, value]) => value !== undefined);
  return known.map(([name, value]) => `${name}: ${value}`).join("\n");
}

function switchTo(name: string, available: readonly string[]): Finding["remedy"] {
  const better = ["mq-deadline", "none", "deadline", "noop"].find((one) => available.includes(one)) ?? "none";
  return [
    {
      purpose: "fix",
      text: { en: "Switch at once, until the next start", "zh-CN": "立即切换，重启后失效" },
      command: `echo ${better} | sudo tee /sys/block/${name}/queue/scheduler`,
    },
    {
      purpose: "inspect",
      text: { en: "Find the rule that chose it", "zh-CN": "找到选择它的 udev 规则" },
      command: "grep -r scheduler /etc/udev/rules.d /usr/lib/udev/rules.d /etc/tuned",
    },
  ];
}

function measured({ name, requests, depth }: Disk): Measurement[] {
  const subject = `/dev/${name}`;
  const values = { nr_requests: requests, queue_depth: depth };
  return Object.entries(values).flatMap(([what, value]) =>
    value === null ? [] : [{ name: what, subject, value, unit: "{requests}" }],
  );
}
