import type { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";

/** Host files are read below these folders alone. */
export const roots = ["/proc", "/sys", "/etc", "/var/lib", "/var/run", "/run"] as const;

/** Where /etc/os-release leads: the one link out of the folders that is followed. */
export const exceptions: readonly string[] = ["/usr/lib/os-release"];

export const maxFileBytes = 1 << 20;

/** What a command finds of an environment, wherever it runs. */
export const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
};

/** Whether a path or pattern, as written, leads below the folders; links are judged where they are followed. */
export function isInside(path: string): boolean {
  if (path.includes("\0") || path.split("/").some((part) => part === "." || part === "..")) return false;
  return roots.some((root) => path.startsWith(`${root}/`));
}

export function outside(what: string): ReadError {
  return readError("not-permitted", what, "outside", `only files below ${roots.join(", ")} are read`);
}
