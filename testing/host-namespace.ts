import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Check } from "#server/checks/define-check.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { runOnHost } from "./host-run.ts";
import { startInetSshd } from "./inet-sshd.ts";
import { connectTo } from "./ssh-route.ts";
import { keyMaker } from "./sshd.ts";

export type NamespacedHost = {
  /** its first process, as the machine counts */
  pid: number;
  /** outside of it, and the same within */
  folder: string;
  /** what a script of sh writes that runs within; whoever it leaves behind goes on */
  run(script: string, options?: { timeoutMs?: number }): Promise<string>;
  /** over SSH, by a real sshd that runs within; behind a command such as one that enters more namespaces */
  ask(check: Check, params?: Record<string, unknown>, behind?: string): Promise<Outcome>;
  stop(): Promise<void>;
};

const namespaces = ["--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup"];

export const isInstalled = (...programs: string[]): boolean =>
  programs.every((program) =>
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/cni"].some((folder) =>
      existsSync(join(folder, program)),
    ),
  );

/** Control groups as this machine has them: "cpuset", "name=systemd" …, and "" for version 2. */
function hierarchies(): { point: string; options: string }[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .flatMap((line) => {
      const point = line.split(" ")[4] ?? "";
      const [, type, shown = ""] = / - (cgroup2?) \S+ (\S+)$/.exec(line) ?? [];
      if (!type || !point.startsWith("/sys/fs/cgroup")) return [];
      const own = shown.split(",").filter((word) => !/^(rw|ro|xattr|nsdelegate|memory_\w+)$/.test(word));
      return [{ point, options: type === "cgroup2" ? "" : own.join(",") }];
    });
}

const groupsOf = (name: string) => hierarchies().map(({ point }) => join(point, name));

/** Enters the control groups made for it, then namespaces of its own. */
const outside = `for group in "$@"; do
  mkdir "$group" || continue
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$group/$file" ] || cat "\${group%/*}/$file" > "$group/$file"
  done
  echo $$ > "$group/cgroup.procs"
done 2>/dev/null
exec unshare ${namespaces.join(" ")} --fork --kill-child --mount-proc bash -c "$within"`;

/** Whatever is written lands in memory. It reads its input until that ends, and collects whoever is left to it. */
function within(scratch: string): string {
  const groups = hierarchies().map(({ point, options }) =>
    options === ""
      ? `mkdir -p ${point}; mount -t cgroup2 cgroup2 ${point}`
      : `mkdir -p ${point}; mount -t cgroup -o ${options} cgroup ${point}`,
  );
  const layered = ["/etc", "/var/lib"].map((folder) => {
    const own = `${scratch}/${folder.replaceAll("/", "-")}`;
    return `mkdir ${own} ${own}.work; mount -t overlay -o lowerdir=${folder},upperdir=${own},workdir=${own}.work overlay ${folder}`;
  });
  const engines = ["docker", "containerd", "containers"].map((name) => `/var/lib/${name}`);
  return [
    "set -e; hostname weekbook-host",
    "umount -R /sys 2>/dev/null || umount -l /sys; mount -t sysfs sysfs /sys",
    "mount -t tmpfs tmpfs /sys/fs/cgroup",
    ...groups,
    `mount -t tmpfs tmpfs /run; mkdir -m 755 /run/sshd /run/lock; mkdir ${scratch}; mount -t tmpfs tmpfs ${scratch}`,
    ...layered,
    ...["/etc/cni", "/etc/docker", "/etc/containers/*.conf", "/var/lib/cni"].map((it) => `rm -rf ${it}`),
    ...engines.map((it) => `rm -rf ${it}; mkdir -p ${it}; mount -t tmpfs -o mode=711 tmpfs ${it}`),
    "mount -t tmpfs tmpfs /var/log; ip link set lo up",
    "echo ready; while read -r line; do :; done",
  ].join("\n");
}

/** Root of the machine itself, or of a container that may do as much: tried with all that a host needs. */
export const mayMakeHosts = (() => {
  if (process.geteuid?.() !== 0 || !existsSync("/usr/sbin/sshd")) return false;
  try {
    const env = { ...process.env, within: within("/run/scratch") };
    const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
    const said = execFileSync("sh", ["-c", outside, "sh"], { env, input: "", encoding: "utf8", stdio });
    return said.includes("ready");
  } catch {
    return false;
  }
})();

const intoGroups =
  "for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do echo 0 > $f; done 2>/dev/null";

/**
 * A host of its own within this machine: its own processes, network, mounts, control groups and name, with an empty
 * /run and the machine's programs. When it stops, or whoever made it ends, everything in it ends with it.
 */
export async function startNamespacedHost(): Promise<NamespacedHost> {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-host-"));
  const name = basename(folder);
  const script = within("/run/scratch");
  const child = spawn("sh", ["-c", outside, "sh", ...groupsOf(name)], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, within: script },
  });
  const keys = keyMaker();
  const doors: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const door of doors) await door.stop();
    keys[Symbol.dispose]();
    await ended(child);
    for (const group of groupsOf(name)) await removeGroups(group);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child);
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ");
    const pid = Number(first);
    const enter = ["nsenter", "-t", `${pid}`, "-m", "-n", "-p", "-i", "-u", "-C", "--", "sh", "-c"] as const;
    const pair = keys.pair();
    const open = async (behind: string) => {
      const opened = await startInetSshd({
        authorized: [pair.publicKey],
        command: (line) => [...enter, `${intoGroups}; exec ${behind} ${line}`],
      });
      doors.push(opened);
      return connectTo(opened, { privateKey: pair.privateKey }, { sudo: true });
    };
    return {
      pid,
      folder,
      run: (script, options) => runWithin([...enter, `${intoGroups}; cd /; ${script}`], options),
      ask: async (check, params = {}, behind = "") => {
        const connector = await open(behind);
        try {
          return await runOnHost(check, params, connector);
        } finally {
          await connector.close();
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const [line] = await Promise.race([
    once(child.stdout ?? child, "data"),
    once(child, "exit").then(() => [""]),
  ]);
  if (`${line}`.trim() !== "ready") throw new Error(`the host did not start: ${said}`);
}

async function runWithin(command: readonly string[], { timeoutMs = 30_000 } = {}): Promise<string> {
  const [file = "", ...args] = command;
  const { stdout } = await promisify(execFile)(file, args, { timeout: timeoutMs, maxBuffer: 16 << 20 });
  return stdout;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin?.end();
  const forced = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(forced);
}

/** The kernel lets go of a group when the last of its processes is collected. */
async function removeGroups(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeGroups(join(folder, entry.name));
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await new Promise((fulfil) => setTimeout(fulfil, 50));
    }
  }
}
