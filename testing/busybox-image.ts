import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** A program that needs no library, from the package busybox-static. */
export const hasStaticBusybox = isStaticProgram("/bin/busybox");

export const imageName = "docker.io/weekbook/busybox:test";

const applets = ["sh", "sleep", "cat", "nc", "true"];

/** An archive in the form of `docker save`, which Docker, containerd and Podman load: no registry is asked. */
export function busyboxImage(folder: string): string {
  const place = join(folder, "image");
  const root = join(place, "root");
  for (const name of ["bin", "etc", "proc", "tmp", "dev", "sys"])
    mkdirSync(join(root, name), { recursive: true });
  copyFileSync("/bin/busybox", join(root, "bin", "busybox"));
  for (const name of applets) symlinkSync("busybox", join(root, "bin", name));
  writeFileSync(join(root, "etc", "passwd"), "root:x:0:0:root:/:/bin/sh\n");
  execFileSync("tar", ["-C", root, "-cf", join(place, "layer.tar"), "."]);
  const digest = (content: Buffer | string) => createHash("sha256").update(content).digest("hex");
  const config = JSON.stringify({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Cmd: ["sleep", "3600"], Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest(readFileSync(join(place, "layer.tar")))}`] },
  });
  const name = `${digest(config)}.json`;
  writeFileSync(join(place, name), config);
  writeFileSync(
    join(place, "manifest.json"),
    JSON.stringify([{ Config: name, RepoTags: [imageName], Layers: ["layer.tar"] }]),
  );
  const archive = join(folder, "busybox.tar");
  execFileSync("tar", ["-C", place, "-cf", archive, "manifest.json", name, "layer.tar"]);
  rmSync(place, { recursive: true });
  return archive;
}

/** It is there, and no interpreter is named in its program headers. */
export function isStaticProgram(path: string): boolean {
  return existsSync(path) && !readFileSync(path).subarray(0, 4096).includes("/ld-");
}
