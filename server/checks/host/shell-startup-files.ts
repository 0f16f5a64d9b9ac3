import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import {
  homeFilesScript,
  loginPathScript,
  parseLoginPath,
  parsePlaces,
  parseShellUsers,
  placeOf,
} from "../needs/startup-files.ts";
import { kindFindings, pathFindings, writableFindings } from "../needs/startup-findings.ts";

/** What shells read below /etc. */
const systemFile =
  /^\/etc\/(profile|profile\.d(\/[^/]+\.sh)?|bash\.bashrc|bashrc|environment|(zsh\/)?z(shenv|profile|shrc|login)|ksh\.kshrc|mkshrc)$/;

/**
 * Subject: the host; part: the file, "PATH" with a folder, or the kind of shell.
 * Codes: files-read (pass), file-writable (fail), file-group-writable (warn), files-safe (pass), homes-unread (unknown),
 * user-unknown (unknown), path-current-folder and path-folder-writable (warn), path-safe (pass), path-unread (unknown).
 */
export const check = defineCheck({
  id: "host/shell-startup-files",
  version: 2,
  title: { en: "Start-up files of the shells", "zh-CN": "shell 的启动文件" },
  why: {
    en: "Which files a shell reads depends on how it was started, so a variable is there by hand and missing in a job. And whoever may write one of them runs commands as the next one who signs in, root among them.",
    "zh-CN":
      "shell 读哪些文件取决于启动方式，所以手工执行时有的变量，到了任务里就没有。而且，谁能写这些文件，谁就能以下一个登录者的身份执行命令，包括 root。",
  },
  remedy: {
    en: "Let root own the files of the system and each user their own, writable by nobody else, and keep relative and writable folders out of PATH.",
    "zh-CN": "系统的文件归 root，个人的文件归本人，其他人不可写；PATH 里不放相对路径和他人可写的目录。",
  },
  params: z.object({
    user: param(
      z
        .string()
        .regex(/^[a-z_][a-z0-9_.-]{0,31}\$?$/)
        .default("root"),
      {
        label: { en: "Show the files of this user", "zh-CN": "展示该用户的启动文件" },
        placeholder: "root",
      },
    ),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    etc: host.stats("/etc/*"),
    profiles: host.stats("/etc/profile.d/*"),
    zsh: host.stats("/etc/zsh/*"),
    users: host.file("/etc/passwd", parseShellUsers),
    allHomes: optional(host.command(["sh", "-c", homeFilesScript], parsePlaces, { sudo: true })),
    openHomes: optional(host.command(["sh", "-c", `: own; ${homeFilesScript}`], parsePlaces)),
    path: optional(host.command(["bash", "-lc", loginPathScript], parseLoginPath)),
    pathOfSh: optional(host.command(["sh", "-lc", loginPathScript], parseLoginPath)),
  },
  judge: ({ machine, etc, profiles, zsh, users, allHomes, openHomes, path, pathOfSh }, { user: name }) => {
    const system = [...etc, ...profiles, ...zsh]
      .filter((stat) => systemFile.test(stat.path) && stat.kind !== "link")
      .map(placeOf);
    const homes = [allHomes, openHomes].find((fact) => !isUnread(fact));
    const places = [...system, ...(homes && !isUnread(homes) ? homes : [])];
    const user = users.find((one) => one.name === name);
    const writable = writableFindings(machine, places, users);
    const login = [path, pathOfSh].find((fact) => !isUnread(fact) && fact !== null);
    const isDebian = etc.some((stat) => stat.path === "/etc/bash.bashrc");
    return {
      findings: [
        ...(user
          ? kindFindings(machine, { places, user, system: isDebian ? "debian" : "rhel" })
          : [userUnknown(machine, name)]),
        ...(writable.length > 0 ? writable : [filesSafe(machine, places.length)]),
        ...(isUnread(allHomes) ? [homesUnread(machine, allHomes, users.length)] : []),
        ...(login && !isUnread(login)
          ? pathFindings(machine, login, undefined)
          : [pathUnread(machine, isUnread(path) ? path.unread.code : "malformed")]),
      ],
      measurements: [{ name: "startupFiles", value: places.length, unit: "{files}" }],
    };
  },
});

function userUnknown(machine: string, name: string): Finding {
  const message = {
    en: `There is no user ${name} with a shell on this host.`,
    "zh-CN": `本机没有使用 shell 的用户 ${name}。`,
  };
  return {
    verdict: "unknown",
    code: "user-unknown",
    subject: { kind: "host", name: machine, part: name },
    message,
  };
}

function filesSafe(machine: string, count: number): Finding {
  const message = {
    en: `Of ${count} start-up files none may be changed by somebody else.`,
    "zh-CN": `${count} 个启动文件都不能被他人修改。`,
  };
  return {
    verdict: "pass",
    code: "files-safe",
    subject: { kind: "host", name: machine, part: "files" },
    message,
  };
}

function homesUnread(machine: string, fact: Unread, users: number): Finding {
  const message = {
    en: `The homes of ${users} users are open only in part to this one (${fact.unread.code}); as root all are read, with the sudoers lines of the host's page.`,
    "zh-CN": `当前用户只能看到 ${users} 个用户家目录的一部分（${fact.unread.code}）；按主机页面的 sudoers 配置，以 root 可全部读取。`,
  };
  return {
    verdict: "unknown",
    code: "homes-unread",
    subject: { kind: "host", name: machine, part: "homes" },
    message,
  };
}

function pathUnread(machine: string, why: string): Finding {
  const message = {
    en: `The PATH of a login shell could not be found out (${why}).`,
    "zh-CN": `无法得知登录 shell 的 PATH（${why}）。`,
  };
  return {
    verdict: "unknown",
    code: "path-unread",
    subject: { kind: "host", name: machine, part: "PATH" },
    message,
  };
}
