import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Reason } from "#common/result.ts";
import type { HostStat } from "../checks/needs/need.ts";
import { ReadError } from "./connector.ts";
import { exceptions, isInside, maxFileBytes, outside } from "./host-script/roots.ts";
import { kindOf } from "./host-script/stat-line.ts";
import { readError, systemCode } from "./read-error.ts";

type Search = { limit: number; signal: AbortSignal };
type Found<T> = { found: T[]; truncated: boolean; unreadable: Reason[] };

/** What a pattern matches is read one by one; `limit` counts what is there, readable or not. */
export type HostFiles = {
  read(path: string, signal: AbortSignal): Promise<string>;
  glob(pattern: string, search: Search): Promise<Found<{ path: string; text: string }>>;
  links(pattern: string, search: Search): Promise<Found<{ path: string; target: string }>>;
  stats(pattern: string, search: Search): Promise<Found<HostStat>>;
};

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

  /** The folder a path is in, links followed, has to be one of those that are read. */
  async function within(path: string): Promise<string> {
    const [realBase, folder] = [await realpath(base), await realpath(join(base, dirname(path)))];
    const inner = realBase === "/" ? folder : folder.slice(realBase.length);
    if ((realBase !== "/" && !`${folder}/`.startsWith(`${realBase}/`)) || !isInside(`${inner}/`)) {
      throw outside(`read ${path}`);
    }
    return join(folder, path.slice(path.lastIndexOf("/") + 1));
  }

  async function search<T>(
    pattern: string,
    { limit, signal }: Search,
    read: (path: string) => Promise<T | undefined>,
  ): Promise<Found<T>> {
    if (!isInside(pattern)) throw outside(`read ${pattern}`);
    const result: Found<T> = { found: [], truncated: false, unreadable: [] };
    const paths = await matches(base, pattern, signal, result.unreadable);
    const before = result.unreadable.length;
    for (const path of paths) {
      signal.throwIfAborted();
      const value = await read(path).catch((error: unknown) => fileError(error, `read ${path}`).reason);
      // Gone between listing and reading, as processes are: it is simply no longer there.
      if (value === undefined || isGone(value)) continue;
      if (result.found.length + result.unreadable.length - before >= limit)
        return { ...result, truncated: true };
      if (isReason(value)) result.unreadable.push(value);
      else result.found.push(value);
    }
    return result;
  }

  return {
    read,
    glob: (pattern, options) =>
      search(pattern, options, async (path) => ({ path, text: await read(path, options.signal) })),
    links: (pattern, options) =>
      search(pattern, options, async (path) => {
        const real = await within(path);
        if (!(await lstat(real)).isSymbolicLink()) return undefined;
        return { path, target: await readlink(real) };
      }),
    stats: (pattern, options) =>
      search(pattern, options, async (path) => {
        const { mode, uid, gid, size, mtimeMs } = await lstat(await within(path));
        // Whole seconds, as any host can tell them.
        const modifiedAt = new Date(Math.floor(mtimeMs / 1000) * 1000).toISOString();
        return { path, kind: kindOf(mode), mode: mode & 0o7777, uid, gid, bytes: size, modifiedAt };
      }),
  };
}

function isReason(value: unknown): value is Reason {
  return typeof value === "object" && value !== null && "code" in value;
}

function isGone(value: unknown): boolean {
  return isReason(value) && value.code === "not-found";
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
    const [realBase, folder] = [await realpath(base), await realpath(join(base, path))];
    if (!(await stat(folder)).isDirectory()) return [];
    const inner = realBase === "/" ? folder : folder.slice(realBase.length);
    if ((realBase !== "/" && !folder.startsWith(`${realBase}/`)) || !isInside(`${inner}/`)) {
      throw outside(`read ${path}`);
    }
    return await readdir(folder);
  } catch (error) {
    const { reason } = fileError(error, `list ${path}`);
    if (reason.code !== "not-found") unreadable.push(reason);
    return [];
  }
}

/** `*` is anything within a segment; hidden names only where the pattern writes the dot. */
function matchesSegment(name: string, segment: string): boolean {
  const parts = segment.split("*");
  const [head = "", tail = ""] = [parts.at(0), parts.at(-1)];
  if (name.startsWith(".") && !head.startsWith(".")) return false;
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts.slice(1, -1)) {
    at = name.indexOf(part, at);
    if (at === -1) return false;
    at += part.length;
  }
  return at <= name.length - tail.length;
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

function fileError(error: unknown, what: string): ReadError {
  if (error instanceof ReadError) return error;
  const code = systemCode(error) ?? "unknown error";
  if (["ENOENT", "ENOTDIR", "ESRCH", "ENODEV", "ENXIO", "ELOOP"].includes(code)) {
    return readError("not-found", what, "not-found", `it does not exist on this machine (${code})`, error);
  }
  if (["EACCES", "EPERM", "EISDIR"].includes(code)) {
    return readError("not-permitted", what, "not-permitted", `this user may not read it (${code})`, error);
  }
  return readError("server-error", what, "read-failed", `reading failed (${code})`, error);
}
