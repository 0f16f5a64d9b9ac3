import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConversionInput, conversionProblems, conversionSteps } from "./kvm-to-esxi.ts";

/** The steps in a real sh, with programs in place of the real ones that write down their words. */
const tools = ["qemu-img", "ssh", "vmkfstools", "rm", "ls"];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kvm-"));
  for (const tool of tools) {
    const script = `#!/bin/sh\n{ printf '%s\\0' ${tool} "$@"; printf '\\n\\0'; } >> "$LOG"\n`;
    writeFileSync(join(folder, tool), script);
    chmodSync(join(folder, tool), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(input: ConversionInput): string[][] {
  const log = join(folder, "log");
  writeFileSync(log, "");
  writeFileSync(join(folder, `${input.name}-temp.vmdk`), "");
  const code = conversionSteps(input)
    .map((step) => step.code)
    .join("\n");
  execFileSync("/bin/sh", ["-e", "-c", code], {
    cwd: folder,
    env: { NODE_ENV: "test", PATH: `${folder}:/usr/bin:/bin`, LOG: log },
  });
  return readFileSync(log, "utf8")
    .split("\n\0")
    .slice(0, -1)
    .map((line) => line.split("\0").slice(0, -1));
}

const usual: ConversionInput = {
  ...{ image: "/var/lib/libvirt/images/centos-t1.img", name: "centos-t1", host: "esxi.example" },
  ...{ folder: "/vmfs/volumes/datastore 1/centos-t1", format: "qcow2", adapter: "lsilogic", kind: "thin" },
};

test("every program gets the words it was meant to get, a datastore with a blank as well", () => {
  const calls = run(usual);
  const at = "/vmfs/volumes/datastore 1/centos-t1";
  const [convert, , ssh, clone, , , undo] = calls;
  expect(convert?.slice(-2)).toEqual([usual.image, "centos-t1-temp.vmdk"]);
  expect(ssh).toEqual(["ssh", "root@esxi.example", `cat > '${at}/centos-t1-temp.vmdk'`]);
  expect(clone).toEqual([
    "vmkfstools",
    "-i",
    `${at}/centos-t1-temp.vmdk`,
    `${at}/centos-t1.vmdk`,
    "-d",
    "thin",
  ]);
  expect(undo).toEqual(["vmkfstools", "-U", `${at}/centos-t1.vmdk`]);
});

test("whatever the image is called, qemu-img gets it as one word", () => {
  const part = fc.string({
    unit: fc.constantFrom("a", " ", "'", '"', "$", "`", ";", "\\", "é"),
    maxLength: 12,
  });
  for (const name of fc.sample(part, 15)) {
    const image = `/images/${name}x`;
    expect(conversionProblems({ ...usual, image })).toEqual([]);
    expect(run({ ...usual, image })[0]?.at(-2)).toBe(image);
  }
});

test("names that ESXi or qemu-img would misread are refused", () => {
  const field = (part: Partial<ConversionInput>) => conversionProblems({ ...usual, ...part });
  for (const name of ["", "a-flat", "a.vmdk", "a b", "-a", "$(id)"])
    expect(field({ name }), name).toEqual(["name"]);
  for (const image of ["", "3", "a.img", "nbd:x", "/a,b", "/a\nb", "/a/"])
    expect(field({ image }), image).toEqual(["image"]);
  for (const host of ["", "-oProxy", "a b", "a;b"]) expect(field({ host }), host).toEqual(["host"]);
  for (const path of ["", "/tmp/x", "/vmfs/volumes/a", "/vmfs/volumes/a/../b", "/vmfs/volumes/a/$x"])
    expect(field({ folder: path }), path).toEqual(["folder"]);
});
