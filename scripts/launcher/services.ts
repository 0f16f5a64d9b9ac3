// The processes of a running Weekbook and how each is started.
import { watch } from "node:fs";
import { join } from "node:path";
import { childEnvironment, webSettings, workerSettings } from "./environment.ts";
import type { Keys } from "./keys.ts";
import type { Options } from "./options.ts";
import { practiceState } from "./practice.ts";
import { project } from "./project.ts";
import { type Service, type ServiceOptions, startService } from "./service.ts";

type Common = Pick<ServiceOptions, "logDir" | "onCrash">;
export type Addresses = { databaseUrl: string; url: string; port: number; practicePort: number };

function common(options: Options, onCrash: ServiceOptions["onCrash"]): Common {
  const shown = options.dev || options.verbose;
  return { logDir: shown ? undefined : join(options.dataDir, "logs"), onCrash };
}

function web(options: Options, keys: Keys, at: Addresses): Omit<ServiceOptions, keyof Common> {
  const settings = webSettings(workerSettings(options, keys, at.databaseUrl, at.url));
  const next = join(project, "node_modules/next/dist/bin/next");
  return {
    name: "web",
    args: [next, options.dev ? "dev" : "start", "--port", String(at.port), "--hostname", options.host],
    env: childEnvironment(options.dev ? "development" : "production", settings),
    stopWithinMs: 8_000,
  };
}

function worker(options: Options, keys: Keys, at: Addresses): Omit<ServiceOptions, keyof Common> {
  const settings = workerSettings(options, keys, at.databaseUrl, at.url);
  return {
    name: "worker",
    args: ["server/jobs/worker.ts"],
    env: childEnvironment(options.dev ? "development" : "production", settings),
    stopWithinMs: 20_000,
  };
}

function practice(options: Options, at: Addresses): Omit<ServiceOptions, keyof Common> {
  const state = practiceState(options.dataDir);
  return {
    name: "practice",
    args: ["sandbox/main.ts", "--port", String(at.practicePort), "--state-dir", state],
    env: childEnvironment("production", {}),
    stopWithinMs: 3_000,
  };
}

/** In development the worker starts again when its sources change; Next sees to the pages itself. */
function followSources(service: Service): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of ["server", "common", "prisma/schema"])
    watch(join(project, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(service.restart, 150);
    }).unref();
}

/** In the order in which they are stopped: first whoever takes new work, last what the others use. */
export function startServices(
  options: Options,
  keys: Keys,
  at: Addresses,
  onCrash: ServiceOptions["onCrash"],
): Service[] {
  const shared = common(options, onCrash);
  const started = [web(options, keys, at), worker(options, keys, at)];
  if (options.practice) started.push(practice(options, at));
  const services = started.map((service) => startService({ ...service, ...shared }));
  const [, workerService] = services;
  if (options.dev && workerService) followSources(workerService);
  return services;
}
