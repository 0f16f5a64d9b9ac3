import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type Start, type StartupSystem, startupFiles } from "#common/tools/shell-startup.ts";
import { type LoginPath, type Place, type ShellUser, type Writable, writableBy } from "./startup-files.ts";

const root = { uid: 0, gid: 0 };
const subjectOf = (machine: string, part: string): Subject => ({ kind: "host", name: machine, part });

const who: Record<Writable["by"], Text> = {
  everybody: { en: "everybody on this host", "zh-CN": "本机所有用户" },
  group: { en: "the members of its group", "zh-CN": "同组成员" },
  another: {
    en: "an owner who is neither root nor the user who reads it",
    "zh-CN": "既不是 root、也不是读取者本人的属主",
  },
};

/** Whoever writes a start-up file runs commands as the next one who signs in. */
export function writableFindings(
  machine: string,
  places: readonly Place[],
  users: readonly ShellUser[],
): Finding[] {
  return places.flatMap((place) => {
    const user = users.find(({ home }) => home !== "/" && place.path.startsWith(`${home}/`));
    const writable = writableBy(place, user ?? root);
    if (!writable) return [];
    const fails = writable.by !== "group";
    return [
      {
        verdict: fails ? "fail" : "warn",
        code: fails ? "file-writable" : "file-group-writable",
        subject: subjectOf(machine, place.path),
        message: {
          en: `${place.path} may be changed by ${who[writable.by].en}: what they put there runs as whoever signs in.`,
          "zh-CN": `${who[writable.by]["zh-CN"]}可以修改 ${place.path}：写进去的命令会以登录者的身份执行。`,
        },
        observed: `mode ${writable.mode}, owner ${place.uid}, group ${place.gid}`,
        expected: "writable by its owner alone",
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Read it before you trust it again", "zh-CN": "先看内容，再决定是否还能信任" },
            command: shellCommand("sudo", "cat", "--", place.path),
          },
          ...mend(place.path, writable.by, user?.name ?? "root"),
        ],
      } satisfies Finding,
    ];
  });
}

function mend(path: string, by: Writable["by"], reader: string): RemedyStep[] {
  const fix = (text: Text, ...words: string[]): RemedyStep => ({
    ...{ purpose: "fix", text, command: shellCommand("sudo", ...words) },
  });
  const close = fix({ en: "Close it", "zh-CN": "收回写权限" }, "chmod", "go-w", "--", path);
  if (by !== "another") return [close];
  return [fix({ en: "Give it back", "zh-CN": "改回属主" }, "chown", reader, "--", path), close];
}

export function pathFindings(
  machine: string,
  { folders, places }: LoginPath,
  user: ShellUser | undefined,
): Finding[] {
  const findings: Finding[] = [];
  const relative = folders.filter((folder) => !folder.startsWith("/"));
  const shown = folders.join(":");
  if (relative.length > 0)
    findings.push({
      verdict: "warn",
      code: "path-current-folder",
      subject: subjectOf(machine, "PATH"),
      message: {
        en: "PATH searches the current folder: whoever leaves a file named ls somewhere runs it as the next one who lists that folder.",
        "zh-CN":
          "PATH 会搜索当前目录：谁在某个目录里放一个名为 ls 的文件，下一个在那里列目录的人就会执行它。",
      },
      observed: shown,
      expected: "absolute folders alone",
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Find the file that adds it", "zh-CN": "找到加入它的文件" },
          command: "grep -n 'PATH=' /etc/environment /etc/profile /etc/profile.d/*.sh /etc/login.defs",
        },
      ],
    });
  for (const place of places.filter(({ path }) => path.startsWith("/"))) {
    const writable = writableBy(place, user ?? root);
    if (!writable) continue;
    findings.push({
      verdict: "warn",
      code: "path-folder-writable",
      subject: subjectOf(machine, `PATH ${place.path}`),
      message: {
        en: `${place.path} is searched for commands and may be written by ${who[writable.by].en}.`,
        "zh-CN": `${place.path} 在命令搜索路径里，而${who[writable.by]["zh-CN"]}可以写入。`,
      },
      observed: `mode ${writable.mode}, owner ${place.uid}, group ${place.gid}`,
      expected: "writable by root alone",
      remedy: [
        {
          purpose: "fix",
          text: { en: "Close it, or take it out of PATH", "zh-CN": "收回写权限，或从 PATH 中去掉" },
          command: shellCommand("sudo", "chmod", "go-w", "--", place.path),
        },
      ],
    });
  }
  if (findings.length > 0) return findings;
  const message = {
    en: "A login shell's PATH holds absolute folders that root alone may write.",
    "zh-CN": "登录 shell 的 PATH 都是绝对路径，且只有 root 可写。",
  };
  return [
    { verdict: "pass", code: "path-safe", subject: subjectOf(machine, "PATH"), message, observed: shown },
  ];
}

const kinds = [
  { part: "login, interactive", login: true, interactive: true, name: "登录、交互" },
  { part: "login, not interactive", login: true, interactive: false, name: "登录、非交互" },
  { part: "not login, interactive", login: false, interactive: true, name: "非登录、交互" },
  { part: "not login, not interactive", login: false, interactive: false, name: "非登录、非交互" },
] as const;

/** For each kind of bash, the files that are there, in their order. */
export function kindFindings(
  machine: string,
  { places, user, system }: { places: readonly Place[]; user: ShellUser; system: StartupSystem },
): Finding[] {
  return kinds.map(({ part, login, interactive, name }) => {
    const bash: Start = { shell: "bash", login, interactive, remote: false, noProfile: false, noRc: false };
    const files = existing(startupFiles(bash, system), places, user.home);
    const list = files.join(", ") || "none";
    return {
      verdict: "pass",
      code: "files-read",
      subject: subjectOf(machine, part),
      message: {
        en: `A bash that is ${part} reads, for ${user.name}: ${list}.`,
        "zh-CN": `${name}的 bash 会为 ${user.name} 读取：${files.join("、") || "没有文件"}。`,
      },
      observed: list,
    };
  });
}

/**
 * Patterns become what they match; of the three in a home only the first counts, and what another file reads counts
 * where that one is read.
 */
function existing(files: ReturnType<typeof startupFiles>, places: readonly Place[], home: string): string[] {
  const known = places.map(({ path }) => path);
  const inHome = (path: string) => path.replace(/^~/, home);
  const read: string[] = [];
  let isFirst = true;
  for (const { path, how, by } of files) {
    if (how === "variable" || (by !== undefined && !read.includes(inHome(by)))) continue;
    const full = inHome(path);
    const prefix = full.replace(/\*.*$/, "");
    const found = full.includes("*")
      ? known.filter((one) => one.startsWith(prefix) && one.endsWith(".sh"))
      : known.filter((one) => one === full);
    if (how !== "first" || isFirst) read.push(...found);
    if (how === "first" && found.length > 0) isFirst = false;
  }
  return read;
}
