import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { PreloadLibrary, PreloadUse } from "./host-preloads.ts";

/** A library and who loads it: every program, or the processes of one name. */
export type PreloadGroup = {
  library: string;
  owner: string;
  variable: string;
  contained: boolean;
  uses: PreloadUse[];
};

export const everyProgram = "/etc/ld.so.preload";

export function preloadGroups(forAll: readonly string[], uses: readonly PreloadUse[]): PreloadGroup[] {
  const groups = new Map<string, PreloadGroup>();
  for (const library of forAll)
    groups.set(library, { library, owner: everyProgram, variable: everyProgram, contained: false, uses: [] });
  for (const use of uses) {
    const { library, name, variable, contained } = use;
    const key = JSON.stringify([library, name, variable, contained]);
    const group = groups.get(key) ?? { library, owner: name, variable, contained, uses: [] };
    group.uses.push(use);
    groups.set(key, group);
  }
  return [...groups.values()];
}

type Known = { library: PreloadLibrary | undefined; allowed: boolean };

export function preloadFinding(machine: string, group: PreloadGroup, { library, allowed }: Known): Finding {
  const { owner, uses, variable } = group;
  const where = `${group.contained ? " in a container" : ""}${variable === "LD_AUDIT" ? " LD_AUDIT" : ""}`;
  const subject: Subject = { kind: "host", name: machine, part: `${owner}${where} ${group.library}` };
  const observed = owner === everyProgram ? `${variable}: ${group.library}` : `${variable}=${group.library}`;
  const sample = uses.slice(0, 50).map(({ pid }) => ({ kind: "process", name: String(pid) }));
  const affected = uses.length > 0 ? { affected: { count: uses.length, sample } } : {};
  const judged = judge(group, library, allowed);
  return { ...judged, subject, observed, ...affected };
}

type Judged = Pick<Finding, "verdict" | "code" | "message" | "remedy" | "expected">;

function judge(group: PreloadGroup, library: PreloadLibrary | undefined, allowed: boolean): Judged {
  const { library: path } = group;
  const who = whoLoads(group);
  const say = (en: string, zh: string): Text => ({ en: `${who.en} ${en}`, "zh-CN": `${who["zh-CN"]}${zh}` });
  if (group.contained)
    return {
      verdict: allowed ? "pass" : "warn",
      code: "preload-in-container",
      message: say(
        `${path} of its container's own file system first.`,
        `会先加载容器自己文件系统里的 ${path}。`,
      ),
    };
  if (library?.state === "missing")
    return {
      verdict: group.owner === everyProgram ? "fail" : "warn",
      code: "preload-missing",
      message: say(
        `${path}, which does not exist: the loader complains each time.`,
        `要加载的 ${path} 并不存在：加载器每次都会报错。`,
      ),
      remedy: [undo(group)],
    };
  if (library?.open)
    return {
      verdict: "fail",
      code: "preload-writable",
      message: say(
        `${path} first, which others than root may change: whoever can runs code in all of these processes.`,
        `会先加载 ${path}，而它可被 root 以外的人修改：能改的人就能在这些进程里执行代码。`,
      ),
      expected: "owned by root, writable by root alone",
      remedy: [inspect(path), undo(group)],
    };
  if (allowed)
    return {
      verdict: "pass",
      code: "preload-allowed",
      message: say(`${path} first, which is allowed here.`, `会先加载 ${path}，已列为允许。`),
    };
  if (library?.state === "package")
    return {
      verdict: "warn",
      code: "preload",
      message: say(
        `${path} of package ${library.package} first; it may replace any function of theirs.`,
        `会先加载软件包 ${library.package} 的 ${path}，它可以替换其中任何函数。`,
      ),
      remedy: [undo(group)],
    };
  if (library?.state === "no-package")
    return {
      verdict: "fail",
      code: "preload-unknown-library",
      message: say(
        `${path} first, which came with no package. An agent installed by hand looks like that, and so does a rootkit.`,
        `会先加载 ${path}，它不属于任何软件包。手工安装的监控代理是这样，rootkit 也是这样。`,
      ),
      expected: "a library of a package",
      remedy: [inspect(path), undo(group)],
    };
  return {
    verdict: "unknown",
    code: "preload-not-asked",
    message: say(`${path} first; whose it is could not be asked.`, `会先加载 ${path}；无法查询它的来源。`),
    remedy: [inspect(path)],
  };
}

function whoLoads({ owner, uses }: PreloadGroup): Text {
  if (owner === everyProgram) return { en: "Every program on this host loads", "zh-CN": "本机每个程序" };
  const many = uses.length > 1;
  return {
    en: many ? `${uses.length} processes named ${owner} load` : `${owner} loads`,
    "zh-CN": many ? `${uses.length} 个 ${owner} 进程` : `${owner} `,
  };
}

function inspect(path: string): RemedyStep {
  return {
    purpose: "inspect",
    text: {
      en: "Look at it without starting anything anew: when it came, what it replaces",
      "zh-CN": "先查看，不要重启任何程序：何时出现，替换了哪些函数",
    },
    command: `${shellCommand("ls", "-l", "--time-style=full-iso", "--", path)}; ${shellCommand("nm", "-D", "--defined-only", "--", path)}`,
  };
}

function undo({ owner, library, variable }: PreloadGroup): RemedyStep {
  if (owner !== everyProgram)
    return {
      purpose: "inspect",
      text: { en: "Find who sets the variable", "zh-CN": "找出是谁设置了这个变量" },
      command: `grep -rn ${variable} /etc/environment /etc/default /etc/profile.d /etc/systemd/system`,
    };
  return {
    purpose: "fix",
    text: {
      en: "Take the line out, keeping a copy; running programs keep the library until they restart",
      "zh-CN": "备份后删掉这一行；运行中的程序要重启才会卸下",
    },
    command: shellCommand(
      ...["sudo", "sed", "-i.bak", `\\|${library.replaceAll(/[\\|.*[\]^$]/g, "\\$&")}|d`, everyProgram],
    ),
  };
}
