import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { host, sampled } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { deviceFindings, type Feeding, hiddenDevice, withoutDevice } from "../needs/watchdog-findings.ts";
import {
  devicesOf,
  feederScript,
  parseDaemonConfig,
  parseFeeders,
  parseManager,
} from "../needs/watchdogs.ts";

const trimmed = (text: string) => text.trim();

/**
 * Subject: the host; part: the device.
 * Codes: fed and spare (pass), not-armed (warn), nobody-feeds (fail), feeder-unseen (unknown); software-only, reset-by-watchdog,
 * timeout-short, little-time-left and fed-late (warn), fed-too-seldom (fail); configured-without-device (fail),
 * device-hidden (unknown).
 */
export const check = defineCheck({
  id: "host/watchdog",
  version: 1,
  title: { en: "The watchdog and who feeds it", "zh-CN": "看门狗，以及谁在喂它" },
  why: {
    en: "A machine that hangs in the night is reset by its watchdog, or waits for somebody to come. Most machines have one; few use it, and one that is fed too seldom resets a healthy machine.",
    "zh-CN":
      "机器半夜卡死，要么由看门狗复位，要么等人来。多数机器都有看门狗，用起来的却不多；喂得太稀，健康的机器也会被复位。",
  },
  remedy: {
    en: "Let systemd or the watchdog daemon feed it at least twice within its timeout, and use the hardware's own device.",
    "zh-CN": "由 systemd 或 watchdog 守护进程来喂，超时之内至少喂两次，并使用硬件自带的设备。",
  },
  params: z.object({
    windowSeconds: param(z.number().min(1).max(30).default(5), {
      label: { en: "Sampling window", "zh-CN": "采样时长" },
      unit: "s",
    }),
    minTimeoutSeconds: param(z.number().min(1).max(600).default(10), {
      label: { en: "Warn when the timeout is below", "zh-CN": "超时低于则警告" },
      unit: "s",
    }),
  }),
  needs: ({ windowSeconds }) => ({
    machine: host.sysctl("kernel.hostname"),
    // One by one: asking for all files of the folder would hold those that need root.
    identity: host.glob("/sys/class/watchdog/*/identity", trimmed),
    state: host.glob("/sys/class/watchdog/*/state", trimmed),
    timeout: host.glob("/sys/class/watchdog/*/timeout", trimmed),
    nowayout: host.glob("/sys/class/watchdog/*/nowayout", trimmed),
    bootStatus: host.glob("/sys/class/watchdog/*/bootstatus", trimmed),
    timeLeft: optional(
      sampled(
        host.glob("/sys/class/watchdog/*/timeleft", (text) => Number(text.trim())),
        windowSeconds * 1000,
      ),
    ),
    misc: optional(host.file("/proc/misc", (text) => /^\s*130\s+watchdog/m.test(text))),
    feeders: optional(host.command(["sh", "-c", feederScript], parseFeeders, { sudo: true })),
    manager: optional(host.command(["systemctl", "show", "--property=RuntimeWatchdogUSec"], parseManager)),
    daemon: optional(host.file("/etc/watchdog.conf", parseDaemonConfig)),
  }),
  judge: ({ machine, timeLeft, misc, feeders, manager, daemon, ...files }, { minTimeoutSeconds }) => {
    const devices = devicesOf(Object.values(files).flat());
    const feeding: Feeding = {
      feeders: isUnread(feeders) ? null : feeders,
      manager: isUnread(manager) ? null : manager,
      daemon: isUnread(daemon) ? null : daemon,
    };
    if (devices.length === 0) {
      const findings = [...hiddenDevice(machine, misc), ...withoutDevice(machine, feeding)];
      if (findings.length === 0)
        return { skip: { what: "/sys/class/watchdog", detail: "no watchdog device" } };
      return { findings };
    }
    const leftOf = (name: string) => {
      const readings = isUnread(timeLeft) ? [] : timeLeft.flatMap(({ value }) => value);
      const own = readings.filter(({ path }) => path.includes(`/${name}/`)).map(({ value }) => value);
      return own.length > 0 ? Math.min(...own) : undefined;
    };
    return {
      findings: devices.flatMap((device) =>
        deviceFindings(
          {
            ...{ machine, device, left: leftOf(device.name), minTimeout: minTimeoutSeconds },
            spare: devices.some((other) => other !== device && other.active === true),
          },
          feeding,
        ),
      ),
      measurements: devices.flatMap(({ name, timeoutSeconds }) =>
        timeoutSeconds === null ? [] : [{ name: "timeout", subject: name, value: timeoutSeconds, unit: "s" }],
      ),
    };
  },
});
