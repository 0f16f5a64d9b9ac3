/** Where a process's standard output goes. */
export type OutputTarget = "terminal" | "pipe" | "socket" | "file" | "deleted" | "null" | "other";
export type OutputProcess = {
  pid: number;
  name: string;
  /** the program's file name, "?" where it could not be read */
  program: string;
  target: OutputTarget;
  /** the file, where it is one */
  file: string | null;
  /** of systemd or of a container; null for a process of neither */
  unit: string | null;
  /** by PYTHONUNBUFFERED or -u for Python, by stdbuf for programs that print with the C library's stdio */
  switched: boolean;
};

/**
 * How often a command line, one word a line, switches Python's buffering off: "u" among the interpreter's own
 * switches, which end at the first word that is none; a letter before it must take no argument, as W does.
 */
export const unbufferedCount = `sed -n '1d;/^[^-]/q;/^-*$/q;p' | grep -cE '^-[bBdEhiIOPqRsStvVx3]*u'`;

/**
 * A line for each process with a standard output. It holds no double quote, which sudoers cannot hold: an empty IFS
 * keeps words whole. Of arguments and environment only the switches leave it.
 */
export const outputScript = `cd /proc || exit 1; IFS=; set -- [0-9]*; set -f; for p; do out=$(readlink $p/fd/1) || continue; exe=$(readlink $p/exe); read -r name <$p/comm; unit=$(grep -hoE '[^/]+\\.(service|scope)' $p/cgroup | tail -n 1); python=$(tr '\\000' '\\n' <$p/environ | grep -c '^PYTHONUNBUFFERED=.'); stdbuf=$(tr '\\000' '\\n' <$p/environ | grep -c '^_STDBUF_O=[L0]'); flag=$(tr '\\000' '\\n' <$p/cmdline | ${unbufferedCount}); printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' $p \${name:--} \${exe:--} $out \${unit:--} \${python:-0}/\${stdbuf:-0}/\${flag:-0}; done 2>/dev/null; :`;

export function parseOutputs({ stdout }: { stdout: string }): OutputProcess[] {
  return stdout.split("\n").flatMap((line) => {
    const [pid, name, exe = "", out = "", unit, switched = ""] = line.split("\t");
    if (!pid || !name || !/^\d+$/.test(pid)) return [];
    // /proc/self of this very reading is no process that anybody runs.
    if (unit === undefined || ["readlink", "tr", "grep", "sed"].includes(name)) return [];
    const target = targetOf(out);
    const program =
      exe === "-"
        ? "?"
        : (exe
            .replace(/ \(deleted\)$/, "")
            .split("/")
            .at(-1) ?? "?");
    return [
      {
        ...{ pid: Number(pid), name, program, target, switched: isSwitched(program, switched) },
        file: target === "file" || target === "deleted" ? out.replace(/ \(deleted\)$/, "") : null,
        unit: unit === "-" ? null : unit,
      },
    ];
  });
}

/** Python, Perl and Ruby print past the C library's stdio, so stdbuf changes nothing for them. */
function isSwitched(program: string, switches: string): boolean {
  const [variable, stdbuf, flag] = switches.split("/").map((count) => Number(count) > 0);
  const habit = habitOf(program);
  if (habit === "python") return Boolean(variable || flag);
  return Boolean(stdbuf) && !/^(perl|ruby)[\d.]*$/.test(program);
}

function targetOf(out: string): OutputTarget {
  if (/^pipe:/.test(out)) return "pipe";
  if (/^socket:/.test(out)) return "socket";
  if (out === "/dev/null" || out === "/null") return "null";
  if (/^\/dev\/(pts\/|tty|console|hvc|vc)|^\/\d+$/.test(out)) return "terminal";
  if (/^\/(dev|proc)\/|^anon_inode:/.test(out)) return "other";
  return / \(deleted\)$/.test(out) ? "deleted" : "file";
}

/** How a program treats an output that is no terminal, as far as its language decides it. */
export type Habit = "python" | "stdio" | "at-once" | "unknown";

export function habitOf(program: string): Habit {
  if (/^python[\d.]*$|^pypy[\d.]*$/.test(program)) return "python";
  if (/^(perl|ruby|lua|gawk|mawk|awk|Rscript|R)[\d.]*$/.test(program)) return "stdio";
  if (/^(node|nodejs|deno|bun|java|bash|dash|sh|zsh|busybox|containerd-shim.*|conmon)$/.test(program))
    return "at-once";
  return "unknown";
}
