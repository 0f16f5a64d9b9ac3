/** Which process becomes PID 1 of a container, whether it hears SIGTERM, and what mends it where it does not. */

export const pidOneKinds = [
  "shell",
  "package-manager",
  "idle",
  "trap",
  "init",
  "script",
  "program",
  "image",
] as const;
export type PidOneKind = (typeof pidOneKinds)[number];

export type PidOne = {
  kind: PidOneKind;
  /** the name of the program that is PID 1 */
  program: string;
  /** a shell stood before it and has replaced itself */
  replaced: boolean;
};

export type WrittenCommand = { form: "exec" | "shell"; argv: string[] };

/** As a Dockerfile reads it: a JSON array is the exec form, everything else is handed to a shell. */
export function readCommand(text: string): WrittenCommand | null {
  const written = text.trim().replace(/^(CMD|ENTRYPOINT)\s+/i, "");
  if (written === "") return null;
  if (written.startsWith("[")) {
    try {
      const parsed: unknown = JSON.parse(written);
      if (Array.isArray(parsed) && parsed.length > 0 && parsed.every((one) => typeof one === "string"))
        return { form: "exec", argv: parsed };
    } catch {
      // Docker takes a broken array for the shell form as well.
    }
  }
  return { form: "shell", argv: ["/bin/sh", "-c", written] };
}

const shells = /^(sh|bash|dash|ash|zsh|ksh)$/;
const inits =
  /^(tini(-static)?|dumb-init|catatonit|docker-init|s6-svscan|s6-overlay.*|init|systemd|my_init|supervisord|runsvdir|pid1|runit)$/;
const managers =
  /^(npm|npx|yarn|pnpm|nodemon|pipenv|poetry|bundle|bundler|rake|mvn|mvnw|gradle|gradlew|sbt|composer|make)$/;
const runners: Record<string, string> = { go: "run", cargo: "run", dotnet: "run" };
const idlers = /^(sleep|tail|cat|yes|watch)$/;
/** They become the program they are given. */
const steppingAside = /^(env|exec|gosu|su-exec|setpriv|nice|ionice|nohup|stdbuf|chroot|command)$/;

const baseName = (word: string) => word.split("/").at(-1) ?? word;
const plain = (kind: PidOneKind, program: string): PidOne => ({ kind, program, replaced: false });

export function pidOneOf(argv: readonly string[]): PidOne {
  const [first, ...rest] = argv;
  if (first === undefined) return plain("image", "");
  const program = baseName(first);
  if (inits.test(program)) return plain("init", program);
  if (steppingAside.test(program)) return pidOneOf(withoutOptions(rest));
  if (shells.test(program)) return ofShell(program, rest);
  if (managers.test(program) || (runners[program] !== undefined && runners[program] === rest[0]))
    return plain("package-manager", program);
  if (idlers.test(program)) return plain("idle", program);
  return plain(/\.(sh|bash)$/.test(program) ? "script" : "program", program);
}

/** Options, their plain values and assignments before the program: "env -i A=1 node", "gosu app node". */
function withoutOptions(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !word.startsWith("-") && !/^\w+=/.test(word));
  return at === -1 ? [] : words.slice(at);
}

function ofShell(shell: string, rest: readonly string[]): PidOne {
  const flag = rest.findIndex((word) => /^-[a-z]*c[a-z]*$/i.test(word));
  const script = flag === -1 ? undefined : rest[flag + 1];
  if (script === undefined) return plain(rest.length > 0 ? "script" : "shell", shell);
  if (/\btrap\b[^\n]*\b(SIG)?(TERM|15)\b/.test(script)) return plain("trap", shell);
  const last = lastCommand(script);
  if (last === null) return plain("shell", shell);
  return { ...pidOneOf(last), replaced: true };
}

/** The words of a script's last command where the shell becomes it: behind `exec`, or where it is the only one. */
function lastCommand(script: string): string[] | null {
  const commands = script
    .replace(/\\\n/g, " ")
    .split(/\n|;|&&|\|\|/)
    .map((one) => one.trim())
    .filter((one) => one !== "" && !one.startsWith("#"));
  const last = commands.at(-1) ?? "";
  const words = wordsOf(last);
  if (words[0] === "exec" && words.length > 1 && !/^[0-9]*[<>]/.test(words[1] ?? "")) return words.slice(1);
  const compound = /[|&`(){}]|^(while|until|for|if|case|do|done|fi|esac)\b/;
  const alone = commands.length === 1 && words.length > 0 && words[0] !== "exec" && !compound.test(last);
  return alone && !/^(exit|cd|:|true|wait|read|echo|set|export)$/.test(words[0] ?? "") ? words : null;
}

/** Enough of a shell's word splitting for the names of programs; redirections end the command. */
function wordsOf(command: string): string[] {
  const words = command.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
  const ended = words.findIndex((word) => /^[0-9]*[<>]/.test(word));
  const assigned = words.findIndex((word) => !/^\w+=/.test(word));
  const kept = words.slice(assigned === -1 ? words.length : assigned, ended <= 0 ? undefined : ended);
  return kept.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}

/** Whether the program that should end hears of SIGTERM: null where it depends on the program. */
export function hearsTerm({ kind }: PidOne): boolean | null {
  if (kind === "shell" || kind === "idle") return false;
  if (kind === "init" || kind === "trap") return true;
  return null;
}
