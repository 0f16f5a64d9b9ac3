import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Reason } from "#common/result.ts";
import { ReadError } from "./connector.ts";
import { readError, systemCode } from "./read-error.ts";

export type HostFiles = {
  read(path: string, signal: AbortSignal): Promise<string>;
  glob(
    pattern: string,
    options: { limit: number; signal: AbortSignal },
  ): Promise<{ files: { path: string; text: string }[]; truncated: boolean; unreadable: Reason[] }>;
};

const maxFileBytes = 1 << 20;
const roots = ["/proc", "/sys", "/etc", "/var/lib", "/var/run", "/run"];
/** Where /etc/os-release leads: the one link out of the folders that is followed. */
const exceptions = ["/usr/lib/os-release"];

/** Files below a few system folders, seen from `base` ("/" on a real machine). */
export function openHostFiles(base: string): HostFiles {
  async function read(path: string, signal: AbortSignal): Promise<string> {
    const what = `read ${path}`;
    signal.throwIfAborted();
    if (!isInside(path)) throw outside(what);
    try {
      // Resolved first, so that no link leads out; the rest of the name is then followed without links.
      const [realBase, real] = [await realpath(base), await realpath(join(base, path))];
      const inner = realBase === "/" ? real : real.slice(realBase.length);
      if (
        (realBase !== "/" && !real.startsWith(`${realBase}/`)) ||
        !(isInside(inner) || exceptions.includes(inner))
      )
        throw outside(what);
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      await using file = await open(real, flags);
      return await readWhole(file, what, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw fileError(error, what);
    }
  }

  return {
    read,
    async glob(pattern, { limit, signal }) {
      if (!isInside(pattern)) throw outside(`read ${pattern}`);
      const unreadable: Reason[] = [];
      const paths = await matches(base, pattern, signal, unreadable);
      const files: { path: string; text: string }[] = [];
      for (const path of paths.slice(0, limit)) {
        try {
          files.push({ path, text: await read(path, signal) });
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          // Gone between listing and reading, as processes are: it is simply no longer there.
          if (error.reason.code !== "not-found") unreadable.push(error.reason);
        }
      }
      return { files, truncated: paths.length > limit, unreadable };
    },
  };
}

async function matches(
  base: string,
  pattern: string,
  signal: AbortSignal,
  unreadable: Reason[],
): Promise<string[]> {
  let paths = [""];
  for (const segment of pattern.split("/").slice(1)) {
    signal.throwIfAborted();
    if (!segment.includes("*")) {
      paths = paths.map((path) => `${path}/${segment}`);
      continue;
    }
    const next: string[] = [];
    for (const path of paths) {
      for (const name of await list(base, path, unreadable)) {
        if (matchesSegment(name, segment)) next.push(`${path}/${name}`);
      }
    }
    paths = next;
  }
  return paths.sort();
}

async function list(base: string, path: string, unreadable: Reason[]): Promise<string[]> {
  try {
    return await readdir(join(base, path));
  } catch (error) {
    const { reason } = fileError(error, `list ${path}`);
    if (reason.code !== "not-found") unreadable.push(reason);
    return [];
  }
}

/** One `*` in a segment; hidden names only where the pattern writes the dot. */
function matchesSegment(name: string, segment: string): boolean {
  const [head = "", tail = ""] = segment.split("*", 2);
  if (name.startsWith(".") && !head.startsWith(".")) return false;
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
}

function isInside(path: string): boolean {
  if (path.includes("\0") || path.split("/").some((part) => part === "." || part === "..")) return false;
  return roots.some((root) => path.startsWith(`${root}/`));
}

/** procfs says size 0 for everything: what is read counts, never what is announced. */
async function readWhole(file: FileHandle, what: string, signal: AbortSignal): Promise<string> {
  if (!(await file.stat()).isFile()) {
    throw readError("not-permitted", what, "not-a-file", "it is not a regular file");
  }
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(64 * 1024), 0, 64 * 1024, null);
    if (bytesRead === 0) return Buffer.concat(chunks, total).toString("utf8");
    total += bytesRead;
    if (total > maxFileBytes) throw readError("truncated", what, "file-too-large", "it is larger than 1 MiB");
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function outside(what: string): ReadError {
  return readError("not-permitted", what, "outside", `only files below ${roots.join(", ")} are read`);
}

function fileError(error: unknown, what: string): ReadError {
  if (error instanceof ReadError) return error;
  const code = systemCode(error) ?? "unknown error";
  if (["ENOENT", "ENOTDIR", "ESRCH", "ENODEV", "ENXIO"].includes(code)) {
    return readError("not-found", what, "not-found", `it does not exist on this machine (${code})`, error);
  }
  if (["EACCES", "EPERM", "ELOOP", "EISDIR"].includes(code)) {
    return readError("not-permitted", what, "not-permitted", `this user may not read it (${code})`, error);
  }
  return readError("server-error", what, "read-failed", `reading failed (${code})`, error);
}
