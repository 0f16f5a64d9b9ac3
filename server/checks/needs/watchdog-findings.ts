import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { isUnread, type Unread } from "./need.ts";
import type { DaemonConfig, Feeder, WatchdogDevice } from "./watchdogs.ts";

/** Set in bootstatus when the watchdog itself made the machine start. */
const cardReset = 0x20;

export type Feeding = {
  /** null: could not be looked for */
  feeders: Feeder[] | null;
  /** systemd's own timeout */
  manager: number | null;
  daemon: DaemonConfig | null;
};

/** Two readings of the seconds that are left, the lower of them; undefined where the driver does not say. */
export type TimeLeft = number | undefined;

type Device = {
  machine: string;
  device: WatchdogDevice;
  left: TimeLeft;
  minTimeout: number;
  /** another one of this machine is in use */
  spare: boolean;
};
type Part = Pick<Finding, "verdict" | "code" | "message"> & Partial<Finding>;

export function deviceFindings(
  { machine, device, left, minTimeout, spare }: Device,
  feeding: Feeding,
): Finding[] {
  const subject: Subject = { kind: "host", name: machine, part: device.name };
  const parts = [
    spare && device.active === false ? idle(device) : armed(device, feeding),
    ...quality(device),
    ...(device.active ? pace(device, feeding, { left, minTimeout }) : []),
  ];
  return parts.map((part) => ({ subject, ...part }));
}

function armed(device: WatchdogDevice, { feeders, manager }: Feeding): Part {
  const { name, identity, active, timeoutSeconds } = device;
  const rest = {
    observed: `${identity}, ${active === null ? "state unknown" : active ? "active" : "inactive"}`,
  };
  const own = feeders?.filter((feeder) => feeds(feeder, name));
  const who =
    manager !== null ? "systemd" : own?.map((feeder) => `${feeder.name} (${feeder.pid})`).join(", ");
  if (active === false)
    return {
      ...{ verdict: "warn", code: "not-armed", ...rest, expected: "active", remedy: [arm] },
      message: {
        en: `${name} (${identity}) is there and nobody uses it: a machine that hangs stays hanging.`,
        "zh-CN": `有看门狗 ${name}（${identity}），但没有人用它：机器卡死后会一直卡着。`,
      },
    };
  if (who)
    return {
      ...{ verdict: "pass", code: "fed", ...rest },
      message: {
        en: `${name} (${identity}) is fed by ${who}; without that the machine resets after ${timeoutSeconds ?? "?"} s. ${closing(device).en}`,
        "zh-CN": `${name}（${identity}）由 ${who} 喂狗；停喂 ${timeoutSeconds ?? "?"} 秒后机器复位。${closing(device)["zh-CN"]}`,
      },
    };
  if (own && active)
    return {
      ...{ verdict: "fail", code: "nobody-feeds", ...rest, remedy: [arm] },
      message: {
        en: `${name} (${identity}) runs and no process holds it open: the machine resets when its time is up.`,
        "zh-CN": `${name}（${identity}）正在计时，却没有进程打开它：时间一到机器就会复位。`,
      },
    };
  return {
    ...{ verdict: "unknown", code: "feeder-unseen", ...rest },
    message: {
      en: `Who feeds ${name} (${identity}) is not known: open files of others need root.`,
      "zh-CN": `无法得知由谁给 ${name}（${identity}）喂狗：查看其他进程打开的文件需要 root。`,
    },
  };
}

function idle({ name, identity }: WatchdogDevice): Part {
  const message = {
    en: `${name} (${identity}) is idle; another one watches over this machine.`,
    "zh-CN": `${name}（${identity}）空闲；本机由另一个看门狗负责。`,
  };
  return { verdict: "pass", code: "spare", message, observed: `${identity}, inactive` };
}

/** /dev/watchdog is the first of them. */
function feeds({ device }: Feeder, name: string): boolean {
  return device === `/dev/${name}` || (device === "/dev/watchdog" && name === "watchdog0");
}

function closing({ nowayout }: WatchdogDevice): Text {
  if (nowayout === null) return { en: "", "zh-CN": "" };
  return nowayout
    ? { en: "Once begun it cannot be stopped (nowayout).", "zh-CN": "一旦启动就不能停（nowayout）。" }
    : { en: "It stops when it is closed with a V.", "zh-CN": "写入 V 后关闭即可停止。" };
}

function quality({ name, identity, bootStatus }: WatchdogDevice): Part[] {
  const parts: Part[] = [];
  if (/software watchdog/i.test(identity))
    parts.push({
      ...{ verdict: "warn", code: "software-only", observed: identity, expected: "a device of the hardware" },
      message: {
        en: `${name} is a timer of the kernel itself (softdog): it helps when programs hang, and not when the kernel does.`,
        "zh-CN": `${name} 是内核自己的定时器（softdog）：程序卡死时有用，内核卡死时没用。`,
      },
    });
  if (bootStatus !== null && (bootStatus & cardReset) !== 0)
    parts.push({
      ...{ verdict: "warn", code: "reset-by-watchdog", observed: `bootstatus ${bootStatus}` },
      message: {
        en: `The machine was last reset by ${name}: it had hung, or whoever feeds it had.`,
        "zh-CN": `机器上一次启动是 ${name} 复位造成的：当时机器卡死了，或者喂狗的程序卡住了。`,
      },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Read the end of the log before that start", "zh-CN": "查看那次启动之前的日志结尾" },
          command: "journalctl -b -1 -n 200 --no-pager",
        },
      ],
    });
  return parts;
}

type Pace = { left: TimeLeft; minTimeout: number };

function pace(
  device: WatchdogDevice,
  { daemon, manager, feeders }: Feeding,
  { left, minTimeout }: Pace,
): Part[] {
  const { name, timeoutSeconds: timeout } = device;
  if (timeout === null) return [];
  const parts: Part[] = [];
  const byDaemon =
    daemon !== null &&
    manager === null &&
    (feeders?.some((one) => /^(watchdog|wd_keepalive)$/.test(one.name)) ?? true);
  const interval = byDaemon ? daemon.intervalSeconds : null;
  if (interval !== null && interval * 2 > timeout)
    parts.push({
      verdict: interval >= timeout ? "fail" : "warn",
      code: interval >= timeout ? "fed-too-seldom" : "fed-late",
      message: {
        en: `It is fed every ${interval} s and resets after ${timeout} s: ${interval >= timeout ? "it resets a healthy machine" : "one delay of a few seconds resets a healthy machine"}.`,
        "zh-CN": `每 ${interval} 秒喂一次，${timeout} 秒复位：${interval >= timeout ? "健康的机器也会被复位" : "只要晚几秒，健康的机器也会被复位"}。`,
      },
      observed: `interval ${interval} s, timeout ${timeout} s`,
      expected: `≤ ${Math.floor(timeout / 2)} s`,
      remedy: [
        {
          purpose: "fix",
          text: { en: "Feed it at least twice within its time", "zh-CN": "在超时之内至少喂两次" },
          command: "grep -nE '^(interval|watchdog-timeout)' /etc/watchdog.conf",
        },
      ],
    });
  else if (left !== undefined && left * 5 < timeout)
    parts.push({
      ...{ verdict: "warn", code: "little-time-left", observed: `${left} s of ${timeout} s left` },
      message: {
        en: `${name} was down to ${left} of ${timeout} s when it was looked at: it is fed late.`,
        "zh-CN": `查看时 ${name} 只剩 ${left} 秒（共 ${timeout} 秒）：喂得太晚。`,
      },
    });
  if (timeout < minTimeout)
    parts.push({
      ...{ verdict: "warn", code: "timeout-short", observed: `${timeout} s`, expected: `≥ ${minTimeout} s` },
      message: {
        en: `${name} resets after ${timeout} s: a moment of heavy swapping is enough.`,
        "zh-CN": `${name} 的超时只有 ${timeout} 秒：一阵剧烈的换页就足以触发。`,
      },
    });
  return parts;
}

const arm: RemedyStep = {
  purpose: "fix",
  text: {
    en: "Let systemd feed it: write this to /etc/systemd/system.conf.d/watchdog.conf, then systemctl daemon-reexec",
    "zh-CN": "让 systemd 喂狗：写入 /etc/systemd/system.conf.d/watchdog.conf，再执行 systemctl daemon-reexec",
  },
  command: "printf '[Manager]\\nRuntimeWatchdogSec=30s\\n'",
};

/** Somebody is set up to feed a device that is not there. */
export function withoutDevice(machine: string, { manager, daemon }: Feeding): Finding[] {
  const who =
    manager !== null ? "systemd (RuntimeWatchdogSec)" : daemon?.device ? "/etc/watchdog.conf" : null;
  if (!who) return [];
  return [
    {
      verdict: "fail",
      code: "configured-without-device",
      subject: { kind: "host", name: machine, part: "watchdog" },
      message: {
        en: `${who} is set up to feed a watchdog, but this machine has none: nothing will reset it.`,
        "zh-CN": `${who} 已配置喂狗，但本机没有看门狗设备：卡死后不会复位。`,
      },
      observed: "no device in /sys/class/watchdog",
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "Load the driver of the board, or softdog where there is none",
            "zh-CN": "加载主板对应的驱动；没有硬件就用 softdog",
          },
          command: "ls /lib/modules/$(uname -r)/kernel/drivers/watchdog/",
        },
      ],
    },
  ];
}

/** A kernel that shows nothing below /sys/class/watchdog may have a device all the same. */
export function hiddenDevice(machine: string, misc: boolean | Unread): Finding[] {
  if (isUnread(misc) || !misc) return [];
  const message = {
    en: "There is a watchdog, but this kernel was built without its files in /sys: neither its timeout nor its state can be read without opening it, which would start it.",
    "zh-CN":
      "有看门狗设备，但内核没有在 /sys 中提供它的信息：不打开设备就读不到超时和状态，而打开就会启动它。",
  };
  const subject: Subject = { kind: "host", name: machine, part: "/dev/watchdog" };
  return [{ verdict: "unknown", code: "device-hidden", subject, message }];
}
