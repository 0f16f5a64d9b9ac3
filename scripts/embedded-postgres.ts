// A real Postgres from npm's binaries, for `npm start` without DATABASE_URL and for the tests.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./launcher/ports.ts";
import { isAlive } from "./launcher/processes.ts";
import { causeOf, SentenceError } from "./launcher/sentence-error.ts";
import { type Binaries, binariesFor } from "./postgres/binaries.ts";
import { initialise } from "./postgres/initialise.ts";
import { type Account, accountForPostgres, placeForDatabase } from "./postgres/places.ts";
import { createDatabase, findPostmaster, serves, urlOf } from "./postgres/postmaster.ts";

export type EmbeddedPostgres = {
  url: string;
  /** true: it was still running from an earlier start */
  reused: boolean;
  pid: number;
  stop: () => Promise<void>;
};

export type EmbeddedPostgresOptions = {
  dataDir: string;
  password: string;
  database: string;
  /** server settings beside our own, such as { fsync: "off" } for tests */
  settings?: Record<string, string>;
};

const startWithinMs = 30_000;
const stopWithinMs = 20_000;

async function waitUntil(condition: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await delay(25);
  }
  return false;
}

/** A fast shutdown: sessions are ended, nothing is lost; whoever hangs after that is told to quit at once. */
async function stopServer(pid: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await waitUntil(() => !isAlive(pid), stopWithinMs)) return;
  }
}

type Server = { data: string; place: string; binaries: Binaries; account: Account; password: string };

function launch(server: Server, port: number, settings: Record<string, string>): ChildProcess {
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    password_encryption: "scram-sha-256",
    ...settings,
  };
  const log = openSync(join(server.place, "postgres.log"), "a", 0o600);
  const child = spawn(
    server.binaries.postgres,
    ["-D", server.data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    {
      ...server.account,
      cwd: server.place,
      // Its own process group: Ctrl-C in a terminal must not stop it before those who use it.
      detached: true,
      stdio: ["ignore", log, log],
      env: { NODE_ENV: "production", PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    },
  );
  closeSync(log);
  child.unref();
  return child;
}

async function answers(port: number, server: Server): Promise<boolean> {
  try {
    return await serves(port, server.password, server.data);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "28P01")
      throw new SentenceError(
        `The database in ${server.place} has another password than the one in the data folder: restore the file keys.json it was made with.`,
      );
    return false;
  }
}

async function adopt(server: Server): Promise<{ pid: number; port: number } | undefined> {
  const found = findPostmaster(server.data);
  if (!found) return undefined;
  // It may still be starting, recovering or shutting down.
  await waitUntil(async () => !isAlive(found.pid) || (await answers(found.port, server)), startWithinMs);
  return isAlive(found.pid) && (await answers(found.port, server)) ? found : undefined;
}

async function launchAndWait(
  server: Server,
  settings: Record<string, string>,
): Promise<{ pid: number; port: number }> {
  const port = await freePort();
  const child = launch(server, port, settings);
  let failure: unknown;
  child.once("error", (error) => {
    failure = error;
  });
  const over = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const ready = await waitUntil(async () => over() || (await answers(port, server)), startWithinMs);
  if (ready && !over() && child.pid !== undefined) return { pid: child.pid, port };
  if (child.pid !== undefined && !over()) await stopServer(child.pid);
  const log = join(server.place, "postgres.log");
  const last = failure ? causeOf(failure) : readFileSync(log, "utf8").trim().split("\n").at(-1);
  throw new SentenceError(`The embedded Postgres does not start (${last}); its log is ${log}.`);
}

/** Starts the server of `<dataDir>/postgres`, or takes over the one that is still running there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = accountForPostgres();
  const place = placeForDatabase(options.dataDir, account);
  const binaries = binariesFor(place, account);
  const data = initialise(place, options.password, binaries, account);
  const server: Server = { data, place, binaries, account, password: options.password };
  const adopted = await adopt(server);
  const { pid, port } = adopted ?? (await launchAndWait(server, options.settings ?? {}));
  await createDatabase(port, options.password, options.database);
  return {
    url: urlOf(port, options.password, options.database),
    reused: adopted !== undefined,
    pid,
    stop: () => stopServer(pid),
  };
}
