import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const needsLoopDevice = "needs root and a free loop device";
export const hasLoopDevices =
  process.geteuid?.() === 0 && spawnSync("losetup", ["-f"], { stdio: "ignore" }).status === 0;

export type LoopDevice = {
  /** "loop3" */
  name: string;
  path: string;
  get(setting: string): string;
  /** what was there before comes back in the end */
  set(setting: string, value: string | number): void;
  remove(): void;
};

/** A block device of a test's own, on a file. */
export function makeLoopDevice(mebibytes: number): LoopDevice {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-disk-"));
  const file = join(folder, "disk");
  writeFileSync(file, Buffer.alloc(mebibytes << 20, 1));
  const path = execFileSync("losetup", ["-f", "--show", file], { encoding: "utf8" }).trim();
  const name = path.slice("/dev/".length);
  const at = (setting: string) => `/sys/block/${name}/queue/${setting}`;
  const get = (setting: string) => readFileSync(at(setting), "utf8").trim();
  const before = new Map<string, string>();
  return {
    ...{ name, path, get },
    set(setting, value) {
      const now = get(setting);
      if (!before.has(setting)) before.set(setting, /\[(.+)\]/.exec(now)?.[1] ?? now);
      writeFileSync(at(setting), String(value));
    },
    remove() {
      for (const [setting, value] of before) writeFileSync(at(setting), value);
      execFileSync("losetup", ["-d", path]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
