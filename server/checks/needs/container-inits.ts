import { pidOneOf } from "#common/tools/pid-1.ts";
import { type ContainerLabel, labelOf } from "./container-labels.ts";

/** The first process of a process namespace, as the host sees it. */
export type ContainerInit = {
  pid: number;
  group: string;
  /** file name of the program; arguments may be secrets and are not kept */
  program: string;
  kind: string;
  /** signals that it catches, or waits for while they are blocked, as hexadecimal masks */
  caught: string;
  blocked: string;
  /** it is in a call that waits for signals: while that lasts, the kernel shows these as not blocked */
  waits: boolean;
  zombies: number;
  /** as conmon wrote it down; without a control group of its own, as where a user starts it, nothing else tells */
  container?: string;
};
/** What an engine says of a container of its own. */
export type EngineContainer = {
  id: string;
  init: boolean;
  pid: number;
  stopSignal: string;
  name: string;
  /** Docker where it is not said */
  tool?: "podman";
};
export type ContainerInits = {
  /** the kernel tells of nested numbers (since 4.1), and other users' processes may be seen */
  visible: boolean;
  inits: ContainerInit[];
  engine: EngineContainer[];
  labels: ContainerLabel[];
};

/**
 * Two passes of grep over all processes, then a look at the few that were found. Of what an engine says, environments
 * among it, five lines leave the host. It holds no double quote, which sudoers cannot hold.
 */
export const initScript = `exec 2>/dev/null; cd /proc || exit 1; set -- [0-9]*/status; i=$(grep -lE '^NSpid:([^0-9][0-9]+)+[^0-9]1$' $@); grep -q ^NSpid: 1/status && printf 'visible\\n'; z=$(grep -lE '^State:.Z' $@); for f in $z; do grep ^PPid: $f; done; for e in docker podman; do command -v $e >/dev/null && printf 'engine\\t%s\\n' $e && $e ps --quiet --no-trunc | xargs -r -n 50 $e inspect | grep -E '^( {8,10}.(Id|Name)| {12,15}.(Pid|Init|StopSignal)).: '; done; for f in /run/containers/storage/*-containers/*/userdata/pidfile /run/user/*/containers/*-containers/*/userdata/pidfile; do [ -e $f ] && printf 'kept\\t%s\\t%s\\n' $(cat $f) $f; done; for f in $i; do p=\${f%/status}; printf 'init\\t%s\\n' $p; head -n 1 $p/cgroup; grep -E '^Sig(Cgt|Blk):' $f; printf 'wchan\\t'; cat $p/wchan; printf '\\nargv\\t'; head -c 2000 $p/cmdline | tr '\\000\\n\\t' '\\001  '; printf '\\n'; done; printf 'names\\n'; ls /var/log/containers | tail -n 2000; :`;

export function parseInits({ stdout }: { stdout: string }): ContainerInits {
  const found: ContainerInits = { visible: false, inits: [], engine: [], labels: [] };
  const zombies = new Map<number, number>();
  const kept = new Map<number, string>();
  let current: ContainerInit | undefined;
  let isPodman = false;
  for (const line of stdout.split("\n")) {
    const [kind, first = "", second = ""] = line.split("\t");
    if (kind === "kept") kept.set(Number(first), second.split("/").at(-3) ?? "");
    if (kind === "engine") isPodman = first === "podman";
    if (kind === "visible") found.visible = true;
    if (kind === "PPid:") zombies.set(Number(first), (zombies.get(Number(first)) ?? 0) + 1);
    if (kind === "init") {
      current = { ...nothing, pid: Number(first) };
      found.inits.push(current);
    }
    if (current && kind === "SigCgt:") current.caught = first;
    if (current && kind === "SigBlk:") current.blocked = first;
    if (current && kind === "wchan") current.waits = first.includes("sigtimedwait");
    if (current && /^\d+:[^:]*:\//.test(line)) current.group = line.replace(/^\d+:[^:]*:/, "");
    if (current && kind === "argv") {
      const { program, kind: of } = pidOneOf(first.split("\u0001").filter(Boolean));
      Object.assign(current, { program: program.split("/").at(-1) || "?", kind: of });
    }
    tellEngine(found.engine, line, isPodman);
    found.labels.push(...labelOf(line));
  }
  for (const one of found.inits) {
    one.zombies = zombies.get(one.pid) ?? 0;
    const container = kept.get(one.pid);
    if (container) one.container = container;
  }
  found.labels = found.labels.filter(({ id }) => found.inits.some(({ group }) => group.includes(id)));
  return found;
}

/** Lines of `inspect`: the engine leaves out what was not said, so a template would fail; the id comes first. */
function tellEngine(engine: EngineContainer[], line: string, isPodman: boolean): void {
  const [, key, value = ""] = /^ +"(Id|Name|Pid|Init|StopSignal)": "?([^",]*)"?,?$/.exec(line) ?? [];
  if (key === "Id")
    engine.push({
      ...{ id: value, init: false, pid: 0, stopSignal: "", name: value.slice(0, 12) },
      ...(isPodman && { tool: "podman" as const }),
    });
  const current = engine.at(-1);
  if (!current) return;
  if (key === "Name") current.name = value.replace(/^\//, "");
  if (key === "Pid") current.pid = Number(value);
  if (key === "Init") current.init = value === "true";
  if (key === "StopSignal") current.stopSignal = value;
}

const nothing = { group: "", program: "?", kind: "", caught: "", blocked: "", waits: false, zombies: 0 };

const numbers: Record<string, number> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, TERM: 15, WINCH: 28, PWR: 30 },
};

/** "SIGQUIT", "quit" or "3"; what is not said is SIGTERM. */
export function signalNumber(word: string): number {
  const name = word.toUpperCase().replace(/^SIG/, "");
  if (/^\d+$/.test(name)) return Number(name);
  const real = /^RTMIN\+(\d+)$/.exec(name)?.[1];
  return real ? 34 + Number(real) : (numbers[name] ?? 15);
}

/**
 * Null where it cannot be told. Whoever waits for signals keeps them blocked, as systemd does; tini, which waits in
 * sigtimedwait, shows none of them, and where the kernel does not say in which call it is, its name has to do.
 */
export function hears({ caught, blocked, waits, kind }: ContainerInit, signal: number): boolean | null {
  if (!/^[0-9a-f]{16}$/.test(caught)) return null;
  const bit = 1n << BigInt(signal - 1);
  const either = BigInt(`0x${caught}`) | BigInt(`0x${/^[0-9a-f]{16}$/.test(blocked) ? blocked : "0"}`);
  if ((either & bit) !== 0n || waits) return true;
  return kind === "init" ? null : false;
}
