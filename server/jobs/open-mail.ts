import { createDialler } from "../connectors/dialler.ts";
import { mailServerOf } from "../connectors/smtp/mail-server.ts";
import type { Env } from "../env.ts";
import { databaseEndpoints } from "./database-endpoints.ts";
import type { Outbox } from "./deliver.ts";

const loopbackAndPrivate = [
  ...["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"],
];

/**
 * The mail server of this installation. Whoever named it in the environment meant that very server, so it may be a
 * private one; no member of a team can name another. Our database and link-local addresses stay closed.
 */
export function openMail(
  env: Pick<Env, "WEEKBOOK_SMTP_URL" | "WEEKBOOK_SMTP_FROM" | "DATABASE_URL">,
): Outbox["mail"] {
  const server = mailServerOf(env.WEEKBOOK_SMTP_URL, env.WEEKBOOK_SMTP_FROM);
  if (!server) return null;
  const forbidden = databaseEndpoints(env.DATABASE_URL);
  return { server, dialler: createDialler({ allowedRanges: loopbackAndPrivate, forbidden }) };
}

/** What no log may show. Of an address that is none there is no password to hide. */
export function mailPassword({ WEEKBOOK_SMTP_URL: url }: Pick<Env, "WEEKBOOK_SMTP_URL">): string | undefined {
  return url !== undefined && URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}
