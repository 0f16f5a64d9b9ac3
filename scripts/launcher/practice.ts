// The practice cluster's place in the data folder. Its port stays the same, so that what is registered stays true.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./keys.ts";
import { claimPort, freePort } from "./ports.ts";

export function practiceState(dataDir: string): string {
  return join(dataDir, "practice");
}

/** May read everything, as a credential for checks should. */
export function practiceKubeconfig(dataDir: string): string {
  return join(practiceState(dataDir), "kubeconfig-viewer.yaml");
}

/** The last file the practice cluster writes: once it is there, it listens and the others are complete. */
export function practiceIsUp(dataDir: string): boolean {
  return existsSync(lastFile(dataDir));
}

function lastFile(dataDir: string): string {
  return join(practiceState(dataDir), "truth.json");
}

async function isFree(port: number): Promise<boolean> {
  try {
    await claimPort(port, "127.0.0.1");
    return true;
  } catch {
    return false;
  }
}

/** The port of the last start where it is free, else a new one. Forgets that the last one was up. */
export async function practicePort(dataDir: string): Promise<number> {
  rmSync(lastFile(dataDir), { force: true });
  const path = join(dataDir, "practice-port");
  const last = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  if (Number.isInteger(last) && last > 0 && (await isFree(last))) return last;
  const port = await freePort();
  writePrivately(path, String(port));
  return port;
}
