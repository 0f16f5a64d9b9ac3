import { pino } from "pino";
import { createAuth } from "../auth.ts";
import { createKeySealer } from "../crypto/key-sealer.ts";
import { createSealer } from "../crypto/vault.ts";
import { openDatabase } from "../db.ts";
import { readEnv } from "../env.ts";
import { databaseEndpoints } from "../jobs/database-endpoints.ts";
import { openQueue } from "../jobs/queue.ts";
import { createRedactor } from "../redact.ts";
import { createOidcFetch } from "../sign-in/oidc-fetch.ts";
import { oidcSettings } from "../sign-in/oidc-settings.ts";
import type { Services } from "./context.ts";
import { createRunHub } from "./run-hub.ts";

/** Kept on the global object: a module that is reloaded in development must not open a second pool. */
const holder = globalThis as typeof globalThis & { weekbookServices?: Promise<Services> };

/** What this web process works with, made at the first request. A failed start is tried again by the next one. */
export function services(): Promise<Services> {
  holder.weekbookServices ??= createServices().catch((error: unknown) => {
    holder.weekbookServices = undefined;
    throw error;
  });
  return holder.weekbookServices;
}

async function createServices(): Promise<Services> {
  const env = readEnv();
  const url = env.DATABASE_URL;
  const log = pino({ level: env.LOG_LEVEL, name: "web" });
  const { password } = new URL(url);
  const redactor = createRedactor([
    ...[env.WEEKBOOK_AUTH_SECRET, password, decodeURIComponent(password)],
    ...(env.WEEKBOOK_OIDC_CLIENT_SECRET ? [env.WEEKBOOK_OIDC_CLIENT_SECRET] : []),
  ]);
  const warn = (what: string) => (error: Error) => log.warn({ error: redactor.text(error.message) }, what);
  const settings = oidcSettings(env);
  const oidc = settings && {
    settings,
    fetch: createOidcFetch(settings.issuer, {
      allowedRanges: env.WEEKBOOK_ALLOWED_RANGES,
      forbidden: databaseEndpoints(url),
    }),
  };
  const vault = await createSealer(env.WEEKBOOK_WORKER_PUBLIC_KEY);
  const onError = warn("the queue has a problem");
  const queue = await openQueue({ url, role: "web", onError });
  const { db, pool } = openDatabase({ url, onPoolError: warn("an idle database connection was lost") });
  return {
    db,
    pool,
    auth: createAuth({ db, publicUrl: env.WEEKBOOK_URL, secret: env.WEEKBOOK_AUTH_SECRET, oidc }),
    oidc: oidc && { name: oidc.settings.name },
    queue,
    vault,
    keySealer: createKeySealer(env.WEEKBOOK_AUTH_SECRET),
    hub: createRunHub({ url, onLost: warn("live updates lost their connection") }),
    publicUrl: env.WEEKBOOK_URL,
    mail: env.WEEKBOOK_MAIL === "1" || env.WEEKBOOK_SMTP_URL !== undefined,
    now: () => new Date(),
    report: (error, where) => log.error({ where, ...describeError(error, redactor.text) }, "a call failed"),
  };
}

/** An error's own words may quote what it was given. */
function describeError(error: unknown, redact: (text: string) => string) {
  if (!(error instanceof Error)) return { error: redact(String(error)) };
  return { error: redact(error.message), name: error.name, stack: redact(error.stack ?? "") };
}
