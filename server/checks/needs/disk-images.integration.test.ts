import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageUse, imageUsersScript, parseImageUsers } from "./disk-images.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const look = (script = imageUsersScript) =>
  parseImageUsers({ stdout: execFileSync("sh", ["-c", script], { encoding: "utf8" }) });
const identityOf = (path: string) => {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
};

test("an image is found in use under whatever name its process opened it", async () => {
  const [image, other] = [join(folder, "disk.img"), join(folder, "linked.img")];
  writeFileSync(image, "x");
  linkSync(image, other);
  copyFileSync("/bin/sh", join(folder, "qemu-stand-in"));
  const qemu = spawn(join(folder, "qemu-stand-in"), ["-c", "exec 7<$0; echo open; read -r line", other], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  try {
    await once(qemu.stdout, "data");
    const seen = look();
    const { holders } = imageUse(image, { identity: identityOf(image), real: image }, seen);
    expect(holders.map(({ pid, file }) => [pid, file])).toEqual([[qemu.pid, other]]);
    const byPath = imageUse(image, { identity: null, real: image }, seen);
    expect(byPath).toEqual({ holders: [], sure: false });
  } finally {
    qemu.kill();
  }
});

test("where not every process is to be seen, nobody is not believed", () => {
  const inContainer = imageUsersScript.replace("4026531836", "4026532999");
  const free = { identity: "1:2", real: "/disk.img" };
  expect(imageUse("/disk.img", free, look(inContainer)).sure).toBe(false);
  expect(imageUse("/disk.img", free, parseImageUsers({ stdout: "" })).sure).toBe(false);
  expect(imageUse("/disk.img", free, parseImageUsers({ stdout: "hidden\t7\nwhole\n" })).sure).toBe(false);
  expect(imageUse("/disk.img", free, parseImageUsers({ stdout: "whole\n" })).sure).toBe(true);
});
