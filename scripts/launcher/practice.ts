// The practice cluster's place in the data folder. Its port stays the same, so that what is registered stays true.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "./keys.ts";
import { claimPort, freePort } from "./ports.ts";

export function practiceState(dataDir: string): string {
  return join(dataDir, "practice");
}

/** Written by the practice cluster when it listens. */
export function practiceKubeconfig(dataDir: string): string {
  return join(practiceState(dataDir), "kubeconfig");
}

async function isFree(port: number): Promise<boolean> {
  try {
    await claimPort(port, "127.0.0.1");
    return true;
  } catch {
    return false;
  }
}

/** The port of the last start where it is free, else a new one. Forgets the kubeconfig that named the last one. */
export async function practicePort(dataDir: string): Promise<number> {
  rmSync(practiceKubeconfig(dataDir), { force: true });
  const path = join(dataDir, "practice-port");
  const last = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  if (Number.isInteger(last) && last > 0 && (await isFree(last))) return last;
  const port = await freePort();
  writePrivately(path, String(port));
  return port;
}
