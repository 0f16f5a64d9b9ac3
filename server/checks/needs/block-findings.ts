import type { Finding, Subject } from "#common/result.ts";
import { type Disk, disksBehind, type Mount } from "./block-devices.ts";
import { isUnread, type Unread } from "./need.ts";

const singleQueue = new Set(["noop", "deadline", "cfq", "anticipatory"]);

/** Whether the boot parameter that once chose the scheduler still does. */
export function elevatorFindings(elevator: string | null | Unread, disks: Disk[], kernel: string): Finding[] {
  const subject: Subject = { kind: "host", name: "/proc/cmdline" };
  if (isUnread(elevator)) {
    const message = {
      en: `The boot parameters could not be read (${elevator.unread.code}).`,
      "zh-CN": `无法读取启动参数（${elevator.unread.code}）。`,
    };
    return [{ verdict: "unknown", code: "cmdline-unread", subject, message }];
  }
  if (elevator === null) return [];
  const observed = `elevator=${elevator}`;
  const multi = disks.filter(({ made, scheduler }) => !made && scheduler && !isSingle(scheduler.available));
  if (Number.parseInt(kernel, 10) < 5 && multi.length === 0) {
    const message = {
      en: `The kernel was started with ${observed} and heeds it: all its devices have single queues.`,
      "zh-CN": `内核以 ${observed} 启动，并且有效：所有设备都是单队列。`,
    };
    return [{ verdict: "pass", code: "elevator-heeded", subject, message, observed }];
  }
  const message = {
    en: `The kernel ${kernel} was started with ${observed} and ignores it: multi-queue devices do not look at it, and others no longer exist since 5.0.`,
    "zh-CN": `内核 ${kernel} 以 ${observed} 启动，但并不理会：多队列设备不看这个参数，而 5.0 起已没有其他设备。`,
  };
  const remedy: Finding["remedy"] = [
    {
      purpose: "fix",
      text: {
        en: "Remove it, write the boot loader's configuration anew, and use a udev rule instead",
        "zh-CN": "去掉它并重新生成引导配置，改用 udev 规则",
      },
      command: "grep -n elevator= /etc/default/grub",
    },
  ];
  const expected = "no elevator=";
  return [{ verdict: "warn", code: "elevator-ignored", subject, message, observed, expected, remedy }];
}

const isSingle = (available: readonly string[]) => available.some((one) => singleQueue.has(one));

type Links = { path: string; value: string }[];

/** Which disks a path lies on. */
export function pathFinding(
  path: string,
  mount: Mount | null | Unread,
  { places, numbers, slaves }: { places: Links; numbers: Links | Unread; slaves: Links | Unread },
): Finding {
  const subject: Subject = { kind: "host", name: path };
  const read = mount && !isUnread(mount) && !isUnread(numbers) && !isUnread(slaves);
  const behind = read ? disksBehind(mount, { places, numbers, slaves }) : [];
  if (!read || behind.length === 0) {
    const on = mount && !isUnread(mount) ? mount.source : "?";
    const message = {
      en: `No block device was found behind ${path} (mounted from ${on}).`,
      "zh-CN": `没有找到 ${path} 所在的块设备（挂载来源：${on}）。`,
    };
    return { verdict: "unknown", code: "behind-path-unknown", subject, message };
  }
  const list = behind.map((name) => `/dev/${name}`).join(", ");
  const message = {
    en: `${path} lies on ${list} (mounted at ${mount.point}).`,
    "zh-CN": `${path} 位于 ${list}（挂载点 ${mount.point}）。`,
  };
  return { verdict: "pass", code: "behind-path", subject, message, observed: list };
}
