import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import {
  cgroupFindings,
  parseCgroupMounts,
  parseVersionLine,
  runtimeFindings,
} from "../needs/rootless-runtime.ts";
import { switchFindings } from "../needs/rootless-switches.ts";
import { mappingFindings } from "../needs/rootless-users.ts";
import { parseCapabilities, parseMappingTools, parseSubIds } from "../needs/subordinate-ids.ts";

/**
 * Subject: the host; part: the kernel parameter, the user, the program or the controller.
 * What forbids or lacks something is a failure where somebody was given subordinate ids, else a warning.
 * Codes: namespaces-none, namespaces-clone-off (fail), namespaces-few, namespaces-restricted (warn),
 * namespaces-allowed (pass), namespaces-unread (unknown); ranges-none, ranges-unread, ranges-of-one-file, range-short,
 * ranges-overlap, ranges-given; mapping-tool-missing, mapping-tool-powerless, mapping-tool-unread, mapping-tools;
 * cgroup-v1, controllers-missing (warn), cgroup-v2 (pass), cgroup-unread (unknown); runtime-none (warn),
 * runtime-too-old (fail), runtime (pass).
 */
export const check = defineCheck({
  id: "host/rootless-containers",
  version: 1,
  title: { en: "What rootless containers need of a host", "zh-CN": "无根容器对主机的要求" },
  why: {
    en: "A container started by an ordinary user needs a handful of things from the host: user namespaces, a range of ids of its own, two small programs, a delegated cgroup. When one is missing, the message names something else.",
    "zh-CN":
      "普通用户启动容器，需要主机提供几样东西：用户命名空间、一段属于自己的 ID、两个小程序、委派给用户的 cgroup。缺了哪一样，报错信息往往指向别处。",
  },
  remedy: {
    en: "Allow user namespaces, give each user 65,536 subordinate ids, install newuidmap and newgidmap, and use cgroup v2 with the controllers delegated.",
    "zh-CN":
      "允许用户命名空间，为每个用户分配 65536 个从属 ID，安装 newuidmap 和 newgidmap，使用 cgroup v2 并委派所需控制器。",
  },
  params: z.object({
    user: param(
      z
        .string()
        .regex(/^([a-z_][a-z0-9_-]{0,31}\$?)?$/)
        .default(""),
      {
        label: { en: "Only for this user", "zh-CN": "只看这个用户" },
        help: { en: "Empty: everybody in /etc/subuid.", "zh-CN": "留空：/etc/subuid 里的所有用户。" },
        placeholder: "alice",
      },
    ),
    minIds: param(z.number().int().min(1).max(10_000_000).default(65_536), {
      label: { en: "Ids a user should have at least", "zh-CN": "每个用户至少应有的 ID 数" },
      unit: "{ids}",
    }),
    minNamespaces: param(z.number().int().min(1).max(10_000_000).default(1_000), {
      label: {
        en: "Warn when fewer user namespaces are allowed",
        "zh-CN": "允许的用户命名空间少于此值则警告",
      },
      unit: "{namespaces}",
    }),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    maximum: optional(host.sysctl("user.max_user_namespaces")),
    cloneSwitch: optional(host.sysctl("kernel.unprivileged_userns_clone")),
    restriction: optional(host.sysctl("kernel.apparmor_restrict_unprivileged_userns")),
    profiles: host.stats("/etc/apparmor.d/*"),
    subuid: optional(host.file("/etc/subuid", parseSubIds)),
    subgid: optional(host.file("/etc/subgid", parseSubIds)),
    tools: optional(
      host.command(
        ["stat", "-L", "-c", "%f %u %n", "/usr/bin/newuidmap", "/usr/bin/newgidmap"],
        parseMappingTools,
      ),
    ),
    capabilities: optional(
      host.command(["getcap", "/usr/bin/newuidmap", "/usr/bin/newgidmap"], parseCapabilities),
    ),
    cgroups: optional(host.file("/proc/self/mountinfo", parseCgroupMounts)),
    controllers: optional(
      host.glob("/sys/fs/cgroup/user.slice/user-*.slice/user@*.service/cgroup.controllers", (text) =>
        text.trim().split(/\s+/).filter(Boolean),
      ),
    ),
    runc: optional(host.command(["runc", "--version"], parseVersionLine)),
    crun: optional(host.command(["crun", "--version"], parseVersionLine)),
    podman: optional(host.command(["podman", "--version"], parseVersionLine)),
    rootlesskit: optional(host.command(["rootlesskit", "--version"], parseVersionLine)),
  },
  judge: ({ machine, maximum, cloneSwitch, restriction, profiles, ...facts }, params) => {
    const { subuid, subgid, tools, capabilities, cgroups, controllers, ...runtimes } = facts;
    const mapping = mappingFindings(machine, { subuid, subgid, tools, capabilities }, params);
    const bad = mapping.prepared ? "fail" : "warn";
    return {
      findings: [
        ...switchFindings(machine, { maximum, cloneSwitch, restriction, profiles }, { ...params, bad }),
        ...mapping.findings,
        ...cgroupFindings(machine, cgroups, controllers),
        ...runtimeFindings(machine, runtimes, cgroups),
      ],
    };
  },
});
