import { readFileSync } from "node:fs";

/** Fields of /proc/<pid>/stat behind the command's name, where there is a /proc. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** Whether the process runs. One that is dead but was never waited for (common in containers) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return statOf(pid)?.[0] !== "Z";
}

/** When the process began, in ticks since boot: tells it from a later one of the same number. */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.[19];
}

export function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return undefined;
  }
}
