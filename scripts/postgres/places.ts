// Where the embedded Postgres lives and as whom it runs. Postgres refuses root, so root lends it to another user,
// who may be unable to enter the project or the data folder; then binaries and data go where it can.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { SentenceError } from "../launcher/sentence-error.ts";

export type Account = { uid: number; gid: number } | null;

const userName = "postgres";
const makeUser: readonly (readonly string[])[] = [
  ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", userName],
  ["adduser", "-S", "-D", "-H", userName],
];

function idOf(flag: "-u" | "-g"): number | undefined {
  const { status, stdout } = spawnSync("id", [flag, userName], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : undefined;
}

function lookUp(): Account | undefined {
  const uid = idOf("-u");
  const gid = idOf("-g");
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Whom Postgres runs as: null for ourselves; for root the user `postgres`, made where it is missing. */
export function accountForPostgres(): Account {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp();
  if (known) return known;
  for (const [command = "", ...args] of makeUser) {
    spawnSync(command, args, { stdio: "ignore" });
    const made = lookUp();
    if (made) return made;
  }
  throw new SentenceError(
    `Postgres does not run as root and a user "${userName}" could not be made: make one, or start Weekbook as an ordinary user.`,
  );
}

function canEnter(folder: string, account: Account): boolean {
  if (account === null) return true;
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$0"', folder], {
    ...account,
    stdio: "ignore",
    cwd: "/",
  });
  return status === 0;
}

function ownedFolder(path: string, account: Account): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (account) chownSync(path, account.uid, account.gid);
}

function linkTarget(path: string): string | undefined {
  return existsSync(path) && lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
}

/**
 * The folder of the database, `<dataDir>/postgres`. Where its user cannot get there it is a link to a folder below
 * /var/lib, so that removing the data folder also forgets the database.
 */
export function placeForDatabase(dataDir: string, account: Account): string {
  const inside = join(dataDir, "postgres");
  const linked = linkTarget(inside);
  if (linked !== undefined) {
    ownedFolder(linked, account);
    return linked;
  }
  // Its files stay closed (0600); the folder may only be passed through.
  if (account) chmodSync(dataDir, 0o711);
  if (canEnter(dataDir, account)) {
    ownedFolder(inside, account);
    return inside;
  }
  chmodSync(dataDir, 0o700);
  const outside = `/var/lib/weekbook-${crypto.randomUUID().slice(0, 8)}`;
  ownedFolder(outside, account);
  symlinkSync(outside, inside);
  return outside;
}
