// Tells the database what this installation brings along: the first team, this machine, the practice cluster.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createSealer } from "#server/crypto/vault.ts";
import { openDatabase } from "#server/db.ts";
import type { DomainContext } from "#server/domain/context.ts";
import { ensureFirstTeam } from "#server/domain/setup/ensure-first-team.ts";
import { ensurePracticeCluster } from "#server/domain/setup/ensure-practice-cluster.ts";
import { ensureThisMachine } from "#server/domain/setup/ensure-this-machine.ts";
import { openQueue } from "#server/jobs/queue.ts";
import { practiceIsUp, practiceKubeconfig } from "./practice.ts";
import { SentenceError } from "./sentence-error.ts";

export type Registrar = {
  /** the token of the one-time link; null once somebody has joined */
  firstTeam: () => Promise<string | null>;
  thisMachine: () => Promise<void>;
  practiceCluster: (dataDir: string, signal: AbortSignal) => Promise<void>;
  close: () => Promise<void>;
};

const practiceWithinMs = 60_000;

function note(error: Error): void {
  console.error(`The launcher lost a database connection: ${error.message}`);
}

async function practiceCredential(dataDir: string, signal: AbortSignal): Promise<string> {
  const deadline = Date.now() + practiceWithinMs;
  while (!practiceIsUp(dataDir)) {
    if (Date.now() > deadline)
      throw new SentenceError(
        `The practice cluster did not start; its log is ${join(dataDir, "logs/practice.log")}.`,
      );
    await delay(25, undefined, { signal });
  }
  return readFileSync(practiceKubeconfig(dataDir), "utf8");
}

/** Works through the same verbs as pages do, as the system. */
export async function openRegistrar(databaseUrl: string, workerPublicKey: string): Promise<Registrar> {
  const { db, close } = openDatabase({ url: databaseUrl, maxConnections: 2, onPoolError: note });
  const queue = await openQueue({ url: databaseUrl, role: "web", onError: note });
  const ctx: DomainContext = {
    db,
    queue,
    actor: { type: "system", name: "launcher" },
    now: () => new Date(),
    vault: await createSealer(workerPublicKey),
  };
  return {
    firstTeam: async () => (await ensureFirstTeam({ ctx })).token,
    thisMachine: async () => {
      await ensureThisMachine({ ctx, input: { hostName: hostname() } });
    },
    practiceCluster: async (dataDir, signal) => {
      await ensurePracticeCluster({ ctx, input: { kubeconfig: await practiceCredential(dataDir, signal) } });
    },
    close: async () => {
      await queue.stop();
      await close();
    },
  };
}
