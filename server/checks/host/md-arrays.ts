import { z } from "zod";
import type { Finding, Measurement, RemedyStep, Subject } from "#common/result.ts";
import { usableMembers } from "#common/tools/raid.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { type MdArray, parseMdstat } from "../needs/mdstat.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";

const parseNumber = (text: string) => Number(text.trim());
type PerArray = { path: string; value: number }[] | Unread;

export const check = defineCheck({
  id: "host/md-arrays",
  version: 1,
  title: { en: "Software RAID arrays", "zh-CN": "软 RAID 阵列" },
  why: {
    en: "A degraded array works as before, until the next disk goes. Nothing else on the machine shows that the first one already has.",
    "zh-CN": "降级的阵列看起来一切照旧，直到下一块盘损坏；而第一块盘已经坏了这件事，机器上别处看不出来。",
  },
  remedy: {
    en: "Replace the failed disk, add it to the array, and watch the rebuild to its end.",
    "zh-CN": "更换故障盘，把新盘加入阵列，并看着重建完成。",
  },
  params: z.object({}),
  needs: {
    mdstat: optional(host.file("/proc/mdstat", parseMdstat)),
    componentKib: optional(host.glob("/sys/block/md*/md/component_size", parseNumber)),
    layout: optional(host.glob("/sys/block/md*/md/layout", parseNumber)),
    chunkBytes: optional(host.glob("/sys/block/md*/md/chunk_size", parseNumber)),
    disks: optional(host.glob("/sys/block/md*/md/raid_disks", parseNumber)),
    degraded: optional(host.glob("/sys/block/md*/md/degraded", parseNumber)),
  },
  judge: ({ mdstat, ...sysfs }) => {
    if (isUnread(mdstat)) {
      if (mdstat.unread.code === "not-found")
        return { skip: { what: "/proc/mdstat", detail: "the kernel has no software RAID" } };
      return { findings: [notRead(mdstat)] };
    }
    if (mdstat.length === 0) return { skip: { what: "/proc/mdstat", detail: "no software RAID array" } };
    return {
      findings: mdstat.flatMap((array) => [
        stateFinding(array, sysfsValue(sysfs.degraded, array)),
        ...sizeFinding(array, sysfs),
      ]),
      measurements: mdstat.map(
        (array): Measurement => ({
          name: "size",
          subject: array.name,
          value: array.sizeKib * 1024,
          unit: "By",
        }),
      ),
    };
  },
});

function sysfsValue(fact: PerArray, array: MdArray): number | null {
  if (isUnread(fact)) return null;
  const value = fact.find((one) => one.path.startsWith(`/sys/block/${array.name}/`))?.value;
  return value === undefined || Number.isNaN(value) ? null : value;
}

const subjectOf = (array: MdArray): Subject => ({ kind: "host", name: `/dev/${array.name}` });

function stateFinding(array: MdArray, degraded: number | null): Finding {
  const subject = subjectOf(array);
  const { name, level, wanted, working, activity } = array;
  const missing = Math.max((wanted ?? 0) - (working ?? 0), degraded ?? 0);
  const failed = array.members.filter((member) => member.faulty).map((member) => member.device);
  const observed = stateText(array);
  const inspect: RemedyStep = {
    purpose: "inspect",
    text: { en: "See the array and its members", "zh-CN": "查看阵列及其成员" },
    command: `mdadm --detail /dev/${name}`,
  };
  if (!array.active)
    return {
      verdict: "fail",
      code: "array-inactive",
      subject,
      message: {
        en: `/dev/${name} is inactive: it was not assembled, and nothing can be read from it.`,
        "zh-CN": `/dev/${name} 处于 inactive 状态：阵列没有组装起来，无法读取数据。`,
      },
      observed,
      expected: "active",
      remedy: [inspect],
    };
  if (missing > 0 || failed.length > 0)
    return {
      verdict: "fail",
      code: "array-degraded",
      subject,
      message: {
        en: `/dev/${name} (${level}) lacks ${missing} of ${wanted ?? "its"} members${failed.length ? `; failed: ${failed.join(", ")}` : ""}${activity ? `; ${activity}` : ""}.`,
        "zh-CN": `/dev/${name}（${level}）缺少 ${missing} 个成员（共 ${wanted ?? "未知"} 个）${failed.length ? `；故障：${failed.join("、")}` : ""}${activity ? `；${activity}` : ""}。`,
      },
      observed,
      expected: `${wanted ?? "all"} members working`,
      remedy: [inspect, ...failed.map((device) => replace(name, device))],
    };
  const syncing = activity !== null && !/^check/.test(activity);
  return {
    verdict: syncing ? "warn" : "pass",
    code: syncing ? "array-syncing" : "array-complete",
    subject,
    message: syncing
      ? {
          en: `/dev/${name} (${level}) is complete and busy with ${activity}.`,
          "zh-CN": `/dev/${name}（${level}）成员齐全，正在 ${activity}。`,
        }
      : {
          en: `/dev/${name} (${level}) has all of its members${activity ? `; ${activity}` : ""}.`,
          "zh-CN": `/dev/${name}（${level}）成员齐全${activity ? `；${activity}` : ""}。`,
        },
    observed,
    expected: "every member working, nothing to synchronise",
  };
}

function stateText({ active, level, wanted, working, members, activity }: MdArray): string {
  const count = wanted === null ? `${members.length} members` : `${working}/${wanted} members`;
  return [active ? "active" : "inactive", level, count, activity].filter(Boolean).join(", ");
}

function replace(name: string, device: string): RemedyStep {
  return {
    purpose: "fix",
    text: {
      en: `Take ${device} out, replace the disk, then add the new one with --add`,
      "zh-CN": `移除 ${device}，换盘后用 --add 加入新盘`,
    },
    command: `mdadm /dev/${name} --remove /dev/${device}`,
  };
}

type Sysfs = { componentKib: PerArray; layout: PerArray; chunkBytes: PerArray; disks: PerArray };

/** Usable size by the level's arithmetic against what the kernel gives; one chunk per member may be lost to rounding. */
function sizeFinding(array: MdArray, sysfs: Sysfs): Finding[] {
  const component = sysfsValue(sysfs.componentKib, array);
  const disks = sysfsValue(sysfs.disks, array) ?? array.wanted;
  const members =
    array.level && disks
      ? usableMembers(array.level, disks, copiesOf(sysfsValue(sysfs.layout, array)))
      : null;
  // Striping without redundancy uses all of every member, so there is no common member size to multiply.
  if (!component || !disks || members === null || !array.active) return [];
  const expectedKib = component * members;
  const slackKib = disks * Math.max((sysfsValue(sysfs.chunkBytes, array) ?? 0) / 1024, 1);
  const right = Math.abs(expectedKib - array.sizeKib) <= slackKib;
  return [
    {
      verdict: right ? "pass" : "warn",
      code: right ? "size-as-expected" : "size-differs",
      subject: subjectOf(array),
      message: right
        ? {
            en: `/dev/${array.name} is as large as ${array.level} of ${disks} members of ${component} KiB should be.`,
            "zh-CN": `/dev/${array.name} 的大小符合 ${disks} 个 ${component} KiB 成员组成的 ${array.level}。`,
          }
        : {
            en: `/dev/${array.name} is not as large as ${array.level} of ${disks} members of ${component} KiB should be: a grow that was not finished?`,
            "zh-CN": `/dev/${array.name} 的大小与 ${disks} 个 ${component} KiB 成员组成的 ${array.level} 不符：是否有未完成的扩容？`,
          },
      observed: `${array.sizeKib} KiB`,
      expected: `${expectedKib} KiB`,
    },
  ];
}

/** RAID 10's layout number: near copies in the low byte, far copies in the next. */
function copiesOf(layout: number | null): number {
  return layout === null ? 2 : Math.max(1, (layout & 0xff) * ((layout >> 8) & 0xff));
}

function notRead(fact: Unread): Finding {
  return {
    verdict: "unknown",
    code: "mdstat-not-read",
    subject: { kind: "host", name: "/proc/mdstat" },
    message: {
      en: `/proc/mdstat could not be read (${fact.unread.code}).`,
      "zh-CN": `无法读取 /proc/mdstat(${fact.unread.code})。`,
    },
  };
}
