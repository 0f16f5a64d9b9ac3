import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SentenceError } from "./sentence-error.ts";

export type Options = {
  help: boolean;
  dev: boolean;
  verbose: boolean;
  port: number;
  host: string;
  dataDir: string;
  /** undefined: bring our own Postgres */
  databaseUrl: string | undefined;
  /** undefined: made from host and port */
  url: string | undefined;
  allowedRanges: string | undefined;
  practice: boolean;
  thisMachine: boolean;
};

export const help = `Starts Weekbook: database, web, worker and the practice cluster. Stops all of it with Ctrl-C.

  npm start                  production
  npm run dev                development: pages and worker follow changes of the source

Options, after "npm start --":
  --dev                      as npm run dev
  --verbose                  show what web, worker and practice cluster print, instead of keeping it in logs/
  --help                     this text

Environment:
  PORT                       where the web listens                    3000; 0 takes a free one
  HOST                       and on which address                     127.0.0.1
  WEEKBOOK_URL               how people reach it                      http://HOST:PORT
  WEEKBOOK_DATA_DIR          database, keys and logs                  .weekbook in the project
  DATABASE_URL               a Postgres server of yours               none: Weekbook brings its own
  WEEKBOOK_ALLOWED_RANGES    private ranges the worker may reach      none, e.g. 10.0.0.0/8,192.168.0.0/16
  WEEKBOOK_PRACTICE          0 leaves the practice cluster out        1
  WEEKBOOK_THIS_MACHINE      1 lets checks read this machine          1, and 0 with DATABASE_URL
  WEEKBOOK_KEEP_MONTHS       months of history kept, 0 keeps all      13
  WEEKBOOK_METRICS_PORT      where the worker tells Prometheus        none; docs/metrics.md has all of them
  WEEKBOOK_SMTP_URL          the mail server notifications go through none; docs/notifications.md
  WEEKBOOK_OIDC_ISSUER       people sign in by an identity provider   none; docs/sign-in.md has all of them

docs/deploy.md has the rest: keys, several workers, a reverse proxy, backups.
`;

const flags = {
  help: { type: "boolean", short: "h", default: false },
  dev: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
} as const;

function readFlags(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, allowPositionals: false }).values;
  } catch {
    throw new SentenceError(
      `npm start does not know "${argv.join(" ")}": npm start -- --help lists what it does.`,
    );
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === "") return 3000;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SentenceError(`PORT is "${text}" and must be a number from 0 to 65535.`);
}

function readSwitch(name: string, text: string | undefined, initial: boolean): boolean {
  if (text === undefined || text === "") return initial;
  if (text === "0" || text === "1") return text === "1";
  throw new SentenceError(`${name} is "${text}" and must be 0 or 1.`);
}

function readUrl(name: string, text: string | undefined, protocols: readonly string[]): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text.replace(/\/$/, "");
  throw new SentenceError(`${name} must be an address that begins with ${protocols[0]}//.`);
}

export function readOptions(argv: string[], env: NodeJS.ProcessEnv, project: string): Options {
  const { help, dev, verbose } = readFlags(argv);
  const databaseUrl = readUrl("DATABASE_URL", env.DATABASE_URL, ["postgres:", "postgresql:"]);
  return {
    help,
    dev,
    verbose,
    port: readPort(env.PORT),
    host: env.HOST || "127.0.0.1",
    dataDir: resolve(project, env.WEEKBOOK_DATA_DIR || ".weekbook"),
    databaseUrl,
    url: readUrl("WEEKBOOK_URL", env.WEEKBOOK_URL, ["http:", "https:"]),
    allowedRanges: env.WEEKBOOK_ALLOWED_RANGES,
    practice: readSwitch("WEEKBOOK_PRACTICE", env.WEEKBOOK_PRACTICE, true),
    thisMachine: readSwitch("WEEKBOOK_THIS_MACHINE", env.WEEKBOOK_THIS_MACHINE, databaseUrl === undefined),
  };
}
