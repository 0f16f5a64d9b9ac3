// Who gets to know what: the worker everything, the web all but the private key, the practice cluster nothing.
import type { Keys } from "./keys.ts";
import type { Options } from "./options.ts";

const loopback = ["127.0.0.1/32", "::1/128"];
const ours = /^(WEEKBOOK_|DATABASE_URL$|PORT$|HOST$|NODE_OPTIONS$|npm_)/;

function allowedRanges({ allowedRanges = "", practice }: Options): string {
  const given = allowedRanges.split(",").filter((range) => range.trim() !== "");
  return [...new Set([...given, ...(practice ? loopback : [])])].join(",");
}

/** An address a browser can open, also when we listen on all of them. */
export function addressOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Everything the worker and the command line need; an operator's own keys win over those of the data folder. */
export function workerSettings(options: Options, keys: Keys, databaseUrl: string, url: string) {
  const own = process.env;
  return {
    DATABASE_URL: databaseUrl,
    WEEKBOOK_URL: url,
    WEEKBOOK_AUTH_SECRET: own.WEEKBOOK_AUTH_SECRET || keys.authSecret,
    WEEKBOOK_WORKER_PUBLIC_KEY: own.WEEKBOOK_WORKER_PUBLIC_KEY || keys.workerPublicKey,
    WEEKBOOK_WORKER_PRIVATE_KEY: own.WEEKBOOK_WORKER_PRIVATE_KEY || keys.workerPrivateKey,
    WEEKBOOK_ALLOWED_RANGES: allowedRanges(options),
    WEEKBOOK_THIS_MACHINE: options.thisMachine ? "1" : "0",
    WEEKBOOK_KEEP_MONTHS: own.WEEKBOOK_KEEP_MONTHS || "13",
    ...given("WEEKBOOK_METRICS_"),
    ...given("WEEKBOOK_SMTP_"),
  };
}

export type WorkerSettings = ReturnType<typeof workerSettings>;

/**
 * The web seals credentials and cannot open them; of the mail server it knows that there is one. It alone signs people
 * in, and knows the identity provider.
 */
export function webSettings({ WEEKBOOK_WORKER_PRIVATE_KEY: _, ...rest }: WorkerSettings) {
  const own = Object.entries(rest).filter(([name]) => !/^WEEKBOOK_(?:METRICS|SMTP)_/.test(name));
  const mail = process.env.WEEKBOOK_SMTP_URL ? "1" : "0";
  return { ...Object.fromEntries(own), WEEKBOOK_MAIL: mail, ...given("WEEKBOOK_OIDC_") };
}

/** What the operator set of these. Of an empty value nothing is made: compose files pass those on. */
function given(prefix: string): Record<string, string> {
  const all = Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(all.filter(([name]) => name.startsWith(prefix)));
}

/** The environment of a child: the machine's own, without anything of ours that is not meant for it. */
export function childEnvironment(
  mode: "development" | "production",
  settings: Record<string, string>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(inherited),
    NEXT_TELEMETRY_DISABLED: "1",
    ...(process.env.WEEKBOOK_DIST_DIR ? { WEEKBOOK_DIST_DIR: process.env.WEEKBOOK_DIST_DIR } : {}),
    ...settings,
    NODE_ENV: mode,
  };
}

/** KEY=VALUE lines, for the command line. */
export function environmentFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
