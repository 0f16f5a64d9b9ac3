// The folder that holds everything an installation owns. One launcher at a time works on it.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startOf } from "./processes.ts";
import { causeOf, SentenceError } from "./sentence-error.ts";

const lockName = "launcher.json";
/** Tells our folder from one that merely was named by mistake. */
const markerName = "README.txt";
const markerText = `Weekbook keeps its database, keys and logs here. Back it up as docs/deploy.md says, and let nobody
else read it: with keys.json the stored credentials can be opened.
`;

type Lock = { pid: number; started: string | undefined };

function makeFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const names = readdirSync(dataDir).filter((name) => name !== "lost+found");
  if (names.length > 0 && !names.includes(markerName))
    throw new SentenceError(
      `The folder ${dataDir} holds other files: set WEEKBOOK_DATA_DIR to an empty or a new one.`,
    );
  writeFileSync(join(dataDir, markerName), markerText, { mode: 0o600 });
  // A running Postgres may pass through: a launcher that is about to be refused must not shut it out.
  chmodSync(dataDir, statSync(dataDir).mode & 0o711);
  mkdirSync(join(dataDir, "logs"), { recursive: true, mode: 0o700 });
}

function readLock(path: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Lock;
  } catch {
    return undefined;
  }
}

/** A dead launcher's number may be ours by now, or another program's: the time it began tells them apart. */
function isHeld(lock: Lock | undefined): lock is Lock {
  if (lock === undefined || lock.pid === process.pid || !isAlive(lock.pid)) return false;
  return lock.started === undefined || lock.started === startOf(lock.pid);
}

function takeLock(dataDir: string): void {
  const path = join(dataDir, lockName);
  const holder = readLock(path);
  if (isHeld(holder))
    throw new SentenceError(
      `Weekbook already runs on ${dataDir} (process ${holder.pid}): stop it first, or set WEEKBOOK_DATA_DIR and PORT for a second one.`,
    );
  rmSync(path, { force: true });
  const lock: Lock = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(path, JSON.stringify(lock), { flag: "wx", mode: 0o600 });
}

/** Makes the folder where it is missing and takes it for this process. Returns what gives it back. */
export function claimDataFolder(dataDir: string): () => void {
  try {
    makeFolder(dataDir);
    takeLock(dataDir);
  } catch (error) {
    if (error instanceof SentenceError) throw error;
    throw new SentenceError(
      `The data folder ${dataDir} cannot be written (${causeOf(error)}): set WEEKBOOK_DATA_DIR to a folder that can.`,
      { cause: error },
    );
  }
  return () => rmSync(join(dataDir, lockName), { force: true });
}
