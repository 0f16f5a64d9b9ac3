// The order of things: folder, port, keys, database and build, services, registrations, ready; and back again.
import { join } from "node:path";
import { ensureBuild } from "./build.ts";
import { claimDataFolder } from "./data-folder.ts";
import { openDatabaseServer } from "./database.ts";
import { addressOf, environmentFile, workerSettings } from "./environment.ts";
import { ensureKeys, writePrivately } from "./keys.ts";
import type { Options } from "./options.ts";
import { claimPort } from "./ports.ts";
import { practicePort } from "./practice.ts";
import { waitUntilReady } from "./readiness.ts";
import { openRegistrar } from "./register.ts";
import { startServices } from "./services.ts";

export type Running = { url: string; joinUrl: string | undefined };

const crashesUntilHopeless = 3;
const readyWithinMs = 120_000;

/** What has to be undone, latest first, whatever became of the start. */
export type Undo = { push: (action: () => Promise<void> | void) => void };

function say(line: string): void {
  console.log(line);
}

export async function launch(options: Options, signal: AbortSignal, undo: Undo): Promise<Running> {
  undo.push(claimDataFolder(options.dataDir));
  const port = await claimPort(options.port, options.host);
  const localUrl = addressOf(options.host, port);
  const url = options.url ?? localUrl;
  const keys = await ensureKeys(options.dataDir);

  const building = options.dev ? undefined : ensureBuild(signal, () => say("Building the pages, once …"));
  const opening = openDatabaseServer(options, keys).then((database) => {
    undo.push(database.stop);
    return database;
  });
  const [opened, built] = await Promise.allSettled([opening, building]);
  if (opened.status === "rejected") throw opened.reason;
  if (built.status === "rejected") throw built.reason;
  signal.throwIfAborted();

  const at = { databaseUrl: opened.value.url, url, port, practicePort: await practicePort(options.dataDir) };
  const settings = workerSettings(options, keys, at.databaseUrl, url);
  writePrivately(join(options.dataDir, "env"), environmentFile(settings));

  const registrar = await openRegistrar(at.databaseUrl, settings.WEEKBOOK_WORKER_PUBLIC_KEY);
  try {
    const token = await registrar.firstTeam();
    if (options.thisMachine) await registrar.thisMachine();
    const crashes = new Map<string, number>();
    const services = startServices(options, keys, at, (name, how, restartInMs) => {
      if (signal.aborted) return;
      crashes.set(name, (crashes.get(name) ?? 0) + 1);
      console.error(`The ${name} ended (${how}) and starts again in ${restartInMs / 1000} s.`);
    });
    // Undone latest first, so the last to stop goes in first.
    for (const service of services.toReversed()) undo.push(service.stop);
    const watched = {
      signal,
      withinMs: readyWithinMs,
      crashed: () => services.find(({ name }) => (crashes.get(name) ?? 0) >= crashesUntilHopeless),
    };
    await Promise.all([
      options.practice && registrar.practiceCluster(options.dataDir, signal),
      waitUntilReady(localUrl, watched),
    ]);
    return { url, joinUrl: token === null ? undefined : `${url}/join/${token}` };
  } finally {
    await registrar.close();
  }
}
