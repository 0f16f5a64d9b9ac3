// What the tests need of the system: found, or installed with apt-get by whoever may.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isStaticProgram } from "#testing/busybox-image.ts";
import { SentenceError } from "../launcher/sentence-error.ts";

/** A program's name, or what tells whether it is there where the name alone does not. */
type Sought = string | (() => boolean);

/** Debian's package → a program of it. The tests start each of them themselves, on loopback. */
export const services: Record<string, Sought> = {
  "openssh-server": "sshd",
  "openssh-client": "ssh",
  "mariadb-server": "mariadbd",
  "docker-registry": "docker-registry",
  unbound: "unbound",
  prometheus: "prometheus",
  "nginx-light": "nginx",
  sudo: "visudo",
  jq: "jq",
  curl: "curl",
  fio: "fio",
  hyperfine: "hyperfine",
  tcpdump: "tcpdump",
  // Either package has its commands; only this one, which takes the other's place, runs in an image without libraries.
  "busybox-static": "busybox",
  blktrace: "blktrace",
  "libxml2-utils": "xmllint",
};
/** Large, or of use to root alone, who makes hosts of their own for them: without these such tests are skipped. */
export const hosts: Record<string, Sought> = {
  "docker.io": "dockerd",
  containerd: "containerd",
  podman: "podman",
  runc: "runc",
  crun: "crun",
  "containernetworking-plugins": "host-local",
  iptables: "iptables",
  nftables: "nft",
  conntrack: "conntrack",
  iproute2: "ip",
  xfsprogs: "mkfs.xfs",
  uidmap: "newuidmap",
  "libcap2-bin": "getcap",
  "busybox-static": () => isStaticProgram("/bin/busybox"),
};
const policy = "/usr/sbin/policy-rc.d";

function isThere(program: string): boolean {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/sbin",
    "/usr/local/sbin",
    "/sbin",
    "/usr/lib/cni",
  ];
  return folders.some((folder) => existsSync(join(folder, program)));
}

export function missingPackages(wanted: Record<string, Sought> = services): string[] {
  const has = (sought: Sought) => (typeof sought === "string" ? isThere(sought) : sought());
  return Object.entries(wanted).flatMap(([name, sought]) => (has(sought) ? [] : [name]));
}

/** Whether apt-get put them there. Needs root, or sudo without a password. */
export function aptInstall(packages: readonly string[]): boolean {
  if (!existsSync("/usr/bin/apt-get")) return false;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync("sudo", ["-n", "true"]).status !== 0) return false;
  const apt = (...args: string[]) => {
    const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args];
    const [file = "", ...rest] = isRoot ? command : ["sudo", "-n", ...command];
    return spawnSync(file, rest, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  };
  // Installing a server must not start one: the tests start their own.
  const held = isRoot && !existsSync(policy);
  if (held) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return apt("update") && apt("install", "-y", "--no-install-recommends", ...packages);
  } finally {
    if (held) rmSync(policy);
  }
}

export function ensureServices(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(", ")} with apt-get …`);
  aptInstall(missing);
  const still = missingPackages();
  if (still.length === 0) return;
  throw new SentenceError(
    `The integration tests start real servers, and these are not here: apt-get install ${still.join(" ")}`,
  );
}

/** Only root's machine gets engines of containers for a test, and nothing fails where it does not. */
export function ensureHosts(
  isRoot = process.getuid?.() === 0,
  { missing = missingPackages(hosts), install = aptInstall } = {},
): void {
  if (missing.length === 0) return;
  if (isRoot) console.log(`Installing ${missing.join(", ")} with apt-get …`);
  if (isRoot && install(missing)) return;
  console.log(
    `Tests that make hosts of their own are skipped: apt-get install ${missing.join(" ")}, as root`,
  );
}
