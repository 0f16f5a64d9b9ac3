import type { Finding, Subject } from "#common/result.ts";
import { isUnread, type Unread } from "./need.ts";

/** Which versions of cgroups are mounted: "v2" alone, "v1" alone, "both" (as systemd's hybrid layout has it). */
export type CgroupMounts = "v1" | "v2" | "both" | "none";

export function parseCgroupMounts(mountinfo: string): CgroupMounts {
  const types = mountinfo.split("\n").map((line) => / - (cgroup2?) /.exec(line)?.[1]);
  const [one, two] = [types.includes("cgroup"), types.includes("cgroup2")];
  return one && two ? "both" : one ? "v1" : two ? "v2" : "none";
}

/** "runc version 1.1.5+ds1" → "1.1.5+ds1"; null where it failed. */
export function parseVersionLine({ stdout, exitCode }: { stdout: string; exitCode: number }): string | null {
  if (exitCode !== 0) return null;
  return /\bversion:? v?(\d[\w.+~-]*)/.exec(stdout)?.[1] ?? null;
}

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });
/** what people limit; pids and memory have long been delegated to every user session */
const wanted = ["cpu", "memory", "pids"];

type Controllers = { path: string; value: string[] }[] | Unread;

export function cgroupFindings(
  machine: string,
  cgroups: CgroupMounts | Unread,
  controllers: Controllers,
): Finding[] {
  const subject = subjectOf(machine, "cgroup");
  if (isUnread(cgroups) || cgroups === "none") {
    const why = isUnread(cgroups) ? cgroups.unread.code : "no cgroup is mounted";
    const message = {
      en: `Which cgroups this host uses could not be found out (${why}).`,
      "zh-CN": `无法确定本机使用的 cgroup（${why}）。`,
    };
    return [{ verdict: "unknown", code: "cgroup-unread", subject, message }];
  }
  if (cgroups !== "v2") {
    const message = {
      en: "This host uses cgroup v1: rootless containers run, but no limit of memory, CPU or processes applies to them.",
      "zh-CN": "本机使用 cgroup v1：无根容器能运行，但内存、CPU、进程数的限制都不起作用。",
    };
    const text = {
      en: "Where systemd is 244 or newer, start the kernel with this parameter",
      "zh-CN": "systemd 244 及以上，用这个内核参数启动",
    };
    const command = "systemd.unified_cgroup_hierarchy=1";
    const remedy: Finding["remedy"] = [{ purpose: "fix", text, command }];
    return [
      { verdict: "warn", code: "cgroup-v1", subject, message, observed: cgroups, expected: "v2", remedy },
    ];
  }
  const message = { en: "This host uses cgroup v2.", "zh-CN": "本机使用 cgroup v2。" };
  const mounted: Finding = { verdict: "pass", code: "cgroup-v2", subject, message, observed: cgroups };
  const sessions = isUnread(controllers) ? [] : controllers;
  return [mounted, ...sessions.flatMap(({ path, value }) => sessionFinding(machine, path, value))];
}

function sessionFinding(machine: string, path: string, delegated: string[]): Finding[] {
  const missing = wanted.filter((one) => !delegated.includes(one));
  if (missing.length === 0) return [];
  const service = /user@\d+\.service/.exec(path)?.[0] ?? path;
  return [
    {
      verdict: "warn",
      code: "controllers-missing",
      subject: subjectOf(machine, service),
      message: {
        en: `${service} was not given ${missing.join(", ")}: limits of that kind on this user's containers are refused.`,
        "zh-CN": `没有把 ${missing.join("、")} 委派给 ${service}：该用户的容器无法设置这类限制。`,
      },
      observed: delegated.join(", ") || "none",
      expected: wanted.join(", "),
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Delegate them, then let the user sign in again",
            "zh-CN": "委派控制器，然后让该用户重新登录",
          },
          command:
            "sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload",
        },
      ],
    },
  ];
}

export function runtimeFindings(
  machine: string,
  runtimes: Record<string, string | null | Unread>,
  cgroups: CgroupMounts | Unread,
): Finding[] {
  const found = Object.entries(runtimes).flatMap(([name, fact]) =>
    isUnread(fact) || fact === null ? [] : [{ name, version: fact }],
  );
  if (found.length === 0) {
    const message = {
      en: "None of runc, crun, podman and rootlesskit answers: nothing on this host starts a rootless container.",
      "zh-CN": "runc、crun、podman、rootlesskit 都没有应答：本机没有能启动无根容器的程序。",
    };
    return [{ verdict: "warn", code: "runtime-none", subject: subjectOf(machine, "runtime"), message }];
  }
  return found.map(({ name, version }) => {
    const subject = subjectOf(machine, name);
    const old = name === "runc" && cgroups === "v2" && beforeUnified(version);
    if (!old) {
      const message = { en: `${name} ${version} is installed.`, "zh-CN": `已安装 ${name} ${version}。` };
      return { verdict: "pass", code: "runtime", subject, message, observed: version };
    }
    const message = {
      en: `runc ${version} does not know cgroup v2, which this host uses.`,
      "zh-CN": `本机使用 cgroup v2，而 runc ${version} 不支持它。`,
    };
    const rest = { observed: version, expected: "≥ 1.0.0-rc93" };
    return { verdict: "fail", code: "runtime-too-old", subject, message, ...rest };
  });
}

/** 1.0.0-rc93 was the first that counted cgroup v2 as ready. */
function beforeUnified(version: string): boolean {
  const [, major = "", candidate] = /^(\d+)\.\d+\.\d+(?:[~-]rc(\d+))?/.exec(version) ?? [];
  if (Number(major) === 0) return true;
  return version.startsWith("1.0.0") && candidate !== undefined && Number(candidate) < 93;
}
