/** A timer that resets the machine unless somebody asks it in time not to. */
export type WatchdogDevice = {
  name: string;
  /** the driver's own name for it */
  identity: string;
  active: boolean | null;
  timeoutSeconds: number | null;
  nowayout: boolean | null;
  /** why the machine started last, as bits */
  bootStatus: number | null;
};

type Per = { path: string; value: string }[];

/** From the files of /sys/class/watchdog, whatever of them this kernel has. */
export function devicesOf(files: Per): WatchdogDevice[] {
  const byDevice = new Map<string, Map<string, string>>();
  for (const { path, value } of files) {
    const [, name, file] = /^\/sys\/class\/watchdog\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (!name || !file) continue;
    const values = byDevice.get(name) ?? new Map<string, string>();
    byDevice.set(name, values.set(file, value));
  }
  const names = [...byDevice.keys()].sort();
  return names.map((name) => {
    const values = byDevice.get(name);
    const number = (file: string) => {
      const text = values?.get(file);
      return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
    };
    const state = values?.get("state");
    return {
      ...{ name, identity: values?.get("identity") ?? "?", timeoutSeconds: number("timeout") },
      active: state === undefined ? null : state === "active",
      nowayout: number("nowayout") === null ? null : number("nowayout") === 1,
      bootStatus: number("bootstatus"),
    };
  });
}

/** Processes that hold a watchdog open: "123 watchdog /dev/watchdog0". */
export type Feeder = { pid: number; name: string; device: string };

/** One listing of all open files; no double quote, which sudoers cannot hold. */
export const feederScript = `ls -l /proc/[0-9]*/fd 2>/dev/null | awk '/^.proc.*:$/ {p=$1} /-> .dev.watchdog/ {print p, $NF}' | while read -r place device; do pid=\${place#/proc/}; pid=\${pid%/fd:}; read -r name </proc/$pid/comm; printf '%s\\t%s\\t%s\\n' $pid \${name:-?} $device; done; :`;

export function parseFeeders({ stdout }: { stdout: string }): Feeder[] {
  return stdout.split("\n").flatMap((line) => {
    const [pid, name, device] = line.split("\t");
    return pid && name && device ? [{ pid: Number(pid), name, device }] : [];
  });
}

/** `systemctl show`: how long systemd lets the watchdog run; null where it does not feed it. */
export function parseManager({ stdout, exitCode }: { stdout: string; exitCode: number }): number | null {
  const said = /^RuntimeWatchdogUSec=(.+)$/m.exec(stdout)?.[1];
  return exitCode !== 0 || said === undefined ? null : secondsOf(said);
}

const units: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, sec: 1, min: 60, m: 60, h: 3600 };

/** systemd's own way of writing a time: "1min 30s"; 0, infinity and off mean that it does not. */
export function secondsOf(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(us|ms|sec|s|min|m|h)?/g)];
  const seconds = parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? "s"] ?? 1),
    0,
  );
  return seconds > 0 ? seconds : null;
}

/** /etc/watchdog.conf; the daemon's own defaults where it is silent. */
export type DaemonConfig = { device: string | null; intervalSeconds: number; timeoutSeconds: number };

export function parseDaemonConfig(text: string): DaemonConfig {
  const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, "m").exec(text)?.[1] ?? null;
  return {
    device: value("watchdog-device"),
    intervalSeconds: Number(value("interval") ?? 1),
    timeoutSeconds: Number(value("watchdog-timeout") ?? 60),
  };
}
