import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ReformatInput,
  reformatEngines,
  reformatKeeps,
  reformatProblems,
  reformatSteps,
} from "./xfs-reformat.ts";

const usual: ReformatInput = {
  ...{ engine: "docker", mount: "/var/lib/docker", device: "/dev/sdb1" },
  ...{ backup: "/backup/docker", keep: "volumes" },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reformat-"));
  mkdirSync(join(folder, "bin"));
  const say = '[ "$1" = sudo ] && shift; echo "$@" >> "$LOG"';
  const answers = { rsync: 'echo "$DIFFERS"', blkid: 'echo "value-$3"', sudo: 'exec "$@"' };
  for (const tool of ["sudo", "rsync", "blkid", "umount", "mkfs.xfs"]) {
    const answer = answers[tool as keyof typeof answers] ?? ":";
    const log = tool === "sudo" ? "" : `set -- ${tool} "$@"; ${say}; shift; `;
    writeFileSync(join(folder, "bin", tool), `#!/bin/sh\n${log}${answer}\n`, { mode: 0o755 });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function format(input: ReformatInput, differs: string): { log: string[]; failed: boolean } {
  const log = join(folder, "log");
  writeFileSync(log, "");
  const code = reformatSteps(input).find(({ id }) => id === "format")?.code ?? "";
  let failed = false;
  try {
    const env = {
      NODE_ENV: "test",
      PATH: `${folder}/bin:/usr/bin:/bin`,
      LOG: log,
      DIFFERS: differs,
    } as const;
    execFileSync("sh", ["-c", code], { env });
  } catch {
    failed = true;
  }
  return { log: readFileSync(log, "utf8").trim().split("\n"), failed };
}

test("nothing is destroyed while the copy differs", () => {
  const { log, failed } = format(usual, ">f+++++++++ app/data.db");
  expect(failed).toBe(true);
  expect(log).toEqual([
    "rsync -aHAXSnci --delete --numeric-ids /var/lib/docker/volumes/ /backup/docker/volumes/",
  ]);
});

test("a whole copy lets the file system be made anew, with its UUID and label", () => {
  const { log, failed } = format(usual, "");
  expect(failed).toBe(false);
  expect(log.slice(-2)).toEqual([
    "umount /var/lib/docker",
    "mkfs.xfs -f -L value--o -m uuid=value--o -n ftype=1 /dev/sdb1",
  ]);
});

test("every plan is good shell, and copies before it formats and formats before it copies back", () => {
  for (const engine of reformatEngines)
    for (const keep of reformatKeeps) {
      const steps = reformatSteps({ ...usual, engine, keep });
      for (const { code } of steps) execFileSync("sh", ["-n"], { input: code });
      const order = steps.map(({ id }) => id).filter((id) => ["copy", "format", "back"].includes(id));
      const nothing = engine === "containerd" && keep === "volumes";
      expect(order).toEqual(nothing ? ["format"] : ["copy", "format", "back"]);
    }
});

test("places that must not be formatted or cannot hold the copy are refused", () => {
  const fields = (part: Partial<ReformatInput>) =>
    reformatProblems({ ...usual, ...part }).map(({ field, why }) => `${field} ${why}`);
  expect(fields({})).toEqual([]);
  for (const mount of ["/", "/var", "/var/lib", "/etc", "/home"])
    expect(fields({ mount })).toEqual(["mount system"]);
  for (const mount of ["", "var", "/a b", "/a/../b", "/a/", "/a;b"])
    expect(fields({ mount })).toEqual(["mount path"]);
  for (const device of ["sdb1", "/dev/", "/dev/../etc", "/dev/a b", "/dev/x/", "/mnt"])
    expect(fields({ device })).toEqual(["device device"]);
  expect(fields({ backup: "/var/lib/docker/copy" })).toEqual(["backup inside"]);
  expect(fields({ backup: "/var/lib/docker" })).toEqual(["backup inside"]);
  expect(fields({ backup: "backup" })).toEqual(["backup path"]);
});
