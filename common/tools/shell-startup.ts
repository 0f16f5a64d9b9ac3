/** Which files a shell reads when it starts, by the way it is started. */

export const startupShells = ["bash", "sh", "zsh"] as const;
export type StartupShell = (typeof startupShells)[number];
export const startupSystems = ["debian", "rhel"] as const;
export type StartupSystem = (typeof startupSystems)[number];

export type Start = {
  shell: StartupShell;
  login: boolean;
  interactive: boolean;
  /** by sshd, to run one command */
  remote: boolean;
  noProfile: boolean;
  noRc: boolean;
};

/** `how`: always; the first that exists of a group; read by the file before it; the file a variable names. */
export type StartupFile = { path: string; how: "always" | "first" | "by" | "variable"; by?: string };

const always = (...paths: string[]): StartupFile[] => paths.map((path) => ({ path, how: "always" }));
const by = (path: string, reader: string): StartupFile => ({ path, how: "by", by: reader });

const firstOfThree: StartupFile[] = ["~/.bash_profile", "~/.bash_login", "~/.profile"].map((path) => ({
  path,
  how: "first",
}));

/** In their order. What one of them reads is shown as the distribution ships it. */
export function startupFiles(start: Start, system: StartupSystem): StartupFile[] {
  if (start.shell === "zsh") return zshFiles(start, system);
  return start.shell === "bash" ? bashFiles(start, system) : shFiles(start);
}

function bashFiles(
  { login, interactive, remote, noProfile, noRc }: Start,
  system: StartupSystem,
): StartupFile[] {
  // A script's shell reads it even after the files of a login.
  const named: StartupFile[] = interactive || remote ? [] : [{ path: "$BASH_ENV", how: "variable" }];
  if (login) return [...(noProfile ? [] : bashLogin(interactive, system)), ...named];
  if (named.length > 0) return named;
  if (noRc) return [];
  if (system === "debian") return always("/etc/bash.bashrc", "~/.bashrc");
  return [...always("~/.bashrc"), by("/etc/bashrc", "~/.bashrc"), by("/etc/profile.d/*.sh", "/etc/bashrc")];
}

function bashLogin(interactive: boolean, system: StartupSystem): StartupFile[] {
  const own = system === "debian" ? "~/.profile" : "~/.bash_profile";
  return [
    ...always("/etc/profile"),
    ...(interactive && system === "debian" ? [by("/etc/bash.bashrc", "/etc/profile")] : []),
    by("/etc/profile.d/*.sh", "/etc/profile"),
    ...(system === "rhel" ? [by("/etc/bashrc", "/etc/profile")] : []),
    ...firstOfThree,
    by("~/.bashrc", own),
  ];
}

function shFiles({ login, interactive }: Start): StartupFile[] {
  return [
    ...(login
      ? [...always("/etc/profile"), by("/etc/profile.d/*.sh", "/etc/profile"), ...always("~/.profile")]
      : []),
    ...(interactive ? [{ path: "$ENV", how: "variable" } as const] : []),
  ];
}

function zshFiles({ login, interactive }: Start, system: StartupSystem): StartupFile[] {
  const folder = system === "debian" ? "/etc/zsh" : "/etc";
  const pair = (name: string) => always(`${folder}/${name}`, `~/.${name}`);
  return [
    ...pair("zshenv"),
    ...(login ? pair("zprofile") : []),
    ...(interactive ? pair("zshrc") : []),
    ...(login ? pair("zlogin") : []),
  ];
}

const plain: Start = {
  ...{ shell: "bash", login: false, interactive: false, remote: false },
  ...{ noProfile: false, noRc: false },
};

/** How a command line starts a shell; null: it starts none, or none that is known here. */
export function readStart(text: string): Start | null {
  const [first = "", ...rest] = text.trim().split(/\s+/).filter(Boolean);
  const name = first.split("/").at(-1) ?? "";
  if (name === "ssh") return sshStart(rest);
  if (name === "su") return suStart(rest);
  if (name === "sudo") return sudoStart(rest);
  if (name === "cron" || name === "crontab") return { ...plain, shell: "sh" };
  if (/^(\.{0,2}\/).+\.sh$/.test(first)) return plain;
  const dashed = name.startsWith("-");
  const shell = shellNamed(dashed ? name.slice(1) : name);
  return shell ? shellStart({ ...plain, shell, login: dashed }, rest) : null;
}

function shellNamed(name: string): StartupShell | null {
  if (["dash", "ash"].includes(name)) return "sh";
  return startupShells.find((one) => one === name) ?? null;
}

/** The shell's own options; an operand or -c makes it run a script instead of asking. */
function shellStart(start: Start, words: string[]): Start {
  const result = { ...start, interactive: true };
  let asked = false;
  for (const [at, word] of words.entries()) {
    if (word === "--login") result.login = true;
    else if (word === "--norc") result.noRc = true;
    else if (word === "--noprofile") result.noProfile = true;
    else if (["--rcfile", "--init-file"].includes(words[at - 1] ?? "")) continue;
    else if (/^-[a-zA-Z]+$/.test(word)) {
      if (word.includes("l")) result.login = true;
      if (word.includes("i")) asked = true;
      if (/[cs]/.test(word)) result.interactive = false;
      if (word.includes("c")) break;
    } else if (!word.startsWith("-")) {
      result.interactive = false;
      break;
    }
  }
  return asked ? { ...result, interactive: true } : result;
}

const sshTakes = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

function sshStart(words: string[]): Start {
  let at = 0;
  while (words[at]?.startsWith("-")) at += sshTakes.test(words[at] ?? "") ? 2 : 1;
  const command = words.slice(at + 1);
  return command.length > 0 ? { ...plain, remote: true } : { ...plain, login: true, interactive: true };
}

function suStart(words: string[]): Start {
  const login = words.some((word) => ["-", "-l", "--login"].includes(word));
  const command = words.some((word) => /^(-c|--command)/.test(word));
  return { ...plain, login, interactive: !command };
}

/** sudo alone runs a program without a shell. */
function sudoStart(words: string[]): Start | null {
  const at = words.findIndex((word) => ["-i", "-s", "--login", "--shell"].includes(word));
  if (at !== -1) {
    const command = words.slice(at + 1).some((word) => !word.startsWith("-"));
    return { ...plain, login: /i|login/.test(words[at] ?? ""), interactive: !command };
  }
  const program = words.findIndex((word, index) => !word.startsWith("-") && words[index - 1] !== "-u");
  return program === -1 ? null : readStart(words.slice(program).join(" "));
}
