import { execFileSync } from "node:child_process";
import { hasStaticBusybox } from "./busybox-image.ts";
import { isInstalled, mayMakeHosts } from "./host-namespace.ts";

export const mayRunPodman =
  mayMakeHosts && hasStaticBusybox && isInstalled("podman", "conmon", "runc", "crun");
/** An ordinary user may make a user namespace here, which AppArmor or a sysctl may forbid. */
export const mayMakeUserNamespaces = isAllowed(
  "runuser",
  "-u",
  "nobody",
  "--",
  "unshare",
  "--user",
  "--map-root-user",
  "true",
);
/** Podman 5 knows networks of CNI no more. */
export const podmanKnowsCni = isAllowed("podman", "--version") && major() < 5;
export const podmanNeeds = "as root, with namespaces, podman, runc, crun and busybox-static";

/** Without systemd, which would hold the control groups and the journal. */
export const podman = "podman --cgroup-manager cgroupfs --events-backend file";

/** A user of this name with subordinate ids, and Podman as they would start it. */
export const addUser = (name: string) =>
  `useradd --create-home --home-dir /run/${name} --shell /bin/sh ${name} &&
  u=$(id -u ${name}) && mkdir -p /run/user/$u && chown ${name} /run/user/$u && chmod 700 /run/user/$u`;
export const podmanOf = (name: string) =>
  `cd /run/${name}; runuser -u ${name} -- env HOME=/run/${name} XDG_RUNTIME_DIR=/run/user/$(id -u ${name}) ${podman}`;

function isAllowed(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function major(): number {
  return Number(/\d+/.exec(execFileSync("podman", ["--version"], { encoding: "utf8" }))?.[0]);
}
