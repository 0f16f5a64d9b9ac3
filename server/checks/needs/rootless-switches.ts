import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type HostStat, isUnread, type Unread } from "./need.ts";

type Switches = {
  maximum: string | Unread;
  /** Debian's own, gone from newer kernels */
  cloneSwitch: string | Unread;
  /** Ubuntu's, since 23.10 */
  restriction: string | Unread;
  profiles: HostStat[];
};
type Limits = { minNamespaces: number; bad: "warn" | "fail" };

/** Programs that start rootless containers and for which Ubuntu ships a profile of the same name. */
const allowedByProfile = ["podman", "runc", "crun", "rootlesskit", "buildah"];

export function switchFindings(machine: string, facts: Switches, limits: Limits): Finding[] {
  const findings = [cloneFinding, restrictionFinding].flatMap((one) => one(machine, facts, limits.bad));
  return [maximumFinding(machine, facts.maximum, limits), ...findings];
}

const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });
const numberIn = (fact: string | Unread) => (isUnread(fact) ? null : Number(fact));

function setTo(setting: string): RemedyStep {
  const text: Text = {
    en: "Set it now, and keep it in /etc/sysctl.d",
    "zh-CN": "立即生效，并写入 /etc/sysctl.d",
  };
  return { purpose: "fix", text, command: shellCommand("sudo", "sysctl", "-w", setting) };
}

function maximumFinding(machine: string, fact: string | Unread, { minNamespaces, bad }: Limits): Finding {
  const name = "user.max_user_namespaces";
  const subject = subjectOf(machine, name);
  if (isUnread(fact)) {
    const message = {
      en: `${name} could not be read (${fact.unread.code}); a kernel built without user namespaces does not have it.`,
      "zh-CN": `无法读取 ${name}（${fact.unread.code}）；没有编译用户命名空间的内核没有这个参数。`,
    };
    return { verdict: "unknown", code: "namespaces-unread", subject, message };
  }
  const value = Number(fact);
  const observed = `${name} = ${fact}`;
  if (value >= minNamespaces) {
    const message = {
      en: `${value} user namespaces may exist at a time.`,
      "zh-CN": `最多可同时存在 ${value} 个用户命名空间。`,
    };
    return { verdict: "pass", code: "namespaces-allowed", subject, message, observed };
  }
  const none = value <= 0;
  return {
    verdict: none ? bad : "warn",
    code: none ? "namespaces-none" : "namespaces-few",
    subject,
    message: none
      ? {
          en: "No user namespace may be made: every rootless container fails to start.",
          "zh-CN": "不允许创建用户命名空间：所有无根容器都无法启动。",
        }
      : {
          en: `Only ${value} user namespaces may exist at a time; each container takes one, browsers and build tools take more.`,
          "zh-CN": `最多只允许 ${value} 个用户命名空间；每个容器占一个，浏览器和构建工具还会占用更多。`,
        },
    observed,
    expected: `≥ ${minNamespaces}`,
    remedy: [setTo(`${name}=28633`)],
  };
}

function cloneFinding(machine: string, { cloneSwitch }: Switches, bad: "warn" | "fail"): Finding[] {
  const name = "kernel.unprivileged_userns_clone";
  if (numberIn(cloneSwitch) !== 0) return [];
  return [
    {
      verdict: bad,
      code: "namespaces-clone-off",
      subject: subjectOf(machine, name),
      message: {
        en: "This distribution's kernel lets root alone make user namespaces.",
        "zh-CN": "该发行版的内核只允许 root 创建用户命名空间。",
      },
      observed: `${name} = 0`,
      expected: "1",
      remedy: [setTo(`${name}=1`)],
    },
  ];
}

function restrictionFinding(
  machine: string,
  { restriction, profiles }: Switches,
  bad: "warn" | "fail",
): Finding[] {
  const name = "kernel.apparmor_restrict_unprivileged_userns";
  if (numberIn(restriction) !== 1) return [];
  const names = profiles.map(({ path }) => path.split("/").at(-1) ?? "");
  const subject = subjectOf(machine, name);
  const allowed = allowedByProfile.filter((one) => names.includes(one));
  if (allowed.length > 0) {
    const list = allowed.join(", ");
    const message = {
      en: `AppArmor keeps user namespaces from programs without a profile; there are profiles for ${list}.`,
      "zh-CN": `AppArmor 禁止没有配置文件的程序使用用户命名空间；已有配置文件：${list}。`,
    };
    return [{ verdict: "pass", code: "namespaces-allowed", subject, message, observed: list }];
  }
  return [
    {
      verdict: bad,
      code: "namespaces-restricted",
      subject,
      message: {
        en: "AppArmor gives user namespaces no rights unless a program's profile allows it, and no container program has such a profile.",
        "zh-CN":
          "AppArmor 要求程序的配置文件明确允许，用户命名空间才有权限；而本机没有任何容器程序的配置文件。",
      },
      observed: `${name} = 1`,
      expected: "a profile with the rule userns",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Install the distribution's runtime package, which brings the profile; for a program of your own, write one with userns",
            "zh-CN":
              "安装发行版自带的运行时软件包，它会带上配置文件；自己安装的程序则需写一个含 userns 的配置文件",
          },
          command: "sudo apt-get install --yes apparmor podman",
        },
      ],
    },
  ];
}
