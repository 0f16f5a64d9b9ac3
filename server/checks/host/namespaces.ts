import { z } from "zod";
import type { Finding, Measurement } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import {
  idsOf,
  inPart,
  leftBehind,
  nearlyGone,
  readFinding,
  sharing,
  unreadFinding,
} from "../needs/namespace-findings.ts";
import { namespaceGroups, namespacePicture } from "../needs/namespace-groups.ts";
import {
  namespaceKinds,
  namespaceScript,
  parseKeptNamespaces,
  parseNamespaces,
} from "../needs/namespace-map.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";

const limited = ["mnt", "net", "pid", "ipc", "uts", "user"] as const;

/**
 * Subject: the host; part: the container, the kind of namespace or where one is kept.
 * Codes: namespaces-read (pass), container-sees-host-processes (warn, fail where it may enter them),
 * container-shares-host-ipc (warn), namespaces-left-behind (warn), namespaces-nearly-gone (warn, fail),
 * processes-in-part, processes-unread (unknown).
 */
export const check = defineCheck({
  id: "host/namespaces",
  version: 1,
  title: { en: "Namespaces and who is in them", "zh-CN": "命名空间以及其中的进程" },
  why: {
    en: "A container is as separate as its namespaces. A configuration says what was wanted; the links in /proc say what a process really sees, and whose network or processes it shares.",
    "zh-CN":
      "容器隔离到什么程度，取决于它的命名空间。配置写的是想要什么，/proc 里的链接才说明进程真正看到什么、和谁共用网络或进程。",
  },
  remedy: {
    en: "Take hostPID, hostIPC and the like out of what does not need them; remove namespaces that nobody is in any more.",
    "zh-CN": "去掉不必要的 hostPID、hostIPC 等设置；清理已经没有进程的命名空间。",
  },
  params: z.object({
    warnPercent: param(z.number().min(1).max(100).default(80), {
      label: {
        en: "Warn when more of the allowed namespaces are in use than",
        "zh-CN": "命名空间用量超过上限的多少时警告",
      },
      unit: "%",
    }),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    asRoot: optional(
      host.command(["sh", "-c", namespaceScript], parseNamespaces, { sudo: true, timeoutMs: 20_000 }),
    ),
    own: optional(
      host.command(["sh", "-c", `: own; ${namespaceScript}`], parseNamespaces, { timeoutMs: 20_000 }),
    ),
    kept: optional(host.file("/proc/self/mountinfo", parseKeptNamespaces)),
    ...Object.fromEntries(
      limited.map((kind) => [`max_${kind}`, optional(host.sysctl(`user.max_${kind}_namespaces`))]),
    ),
  },
  judge: (facts, { warnPercent }) => {
    const { machine, asRoot, own, kept } = facts;
    const map = !isUnread(asRoot) ? asRoot : isUnread(own) ? null : own;
    if (!map || Object.keys(map.host).length === 0)
      return {
        findings: [
          unreadFinding(
            machine,
            "processes-unread",
            "The links below /proc/*/ns could not be read.",
            "读不到 /proc/*/ns 下的链接。",
          ),
        ],
      };
    const groups = namespaceGroups(map);
    // A few end while they are read; without root all but one's own are missing.
    const partly = isUnread(asRoot) && map.hidden > map.processes / 10;
    const ids = idsOf(map, isUnread(kept) ? [] : kept);
    const maxima = facts as unknown as Record<string, string | Unread>;
    const findings: Finding[] = [
      readFinding(machine, map, groups, ids),
      ...groups.filter(({ container }) => container).flatMap((group) => sharing(machine, group, map)),
      ...(partly || isUnread(kept) ? [] : leftBehind(machine, kept, map)),
      ...limited.flatMap((kind) => {
        const maximum = maxima[`max_${kind}`];
        const most = maximum === undefined || isUnread(maximum) ? 0 : Number(maximum);
        return nearlyGone(machine, { kind, count: ids[kind]?.size ?? 0, most, warnPercent });
      }),
      ...(partly ? [inPart(machine, map)] : []),
    ];
    return {
      findings,
      pictures: namespacePicture(groups, map.host),
      measurements: namespaceKinds.flatMap((kind): Measurement[] => {
        const count = ids[kind]?.size;
        return count ? [{ name: `${kind}Namespaces`, value: count, unit: "{namespaces}" }] : [];
      }),
    };
  },
});
