import type pg from "pg";
import type { Actor, DomainContext, Queue, Vault } from "#server/domain/context.ts";
import type { Auth } from "../auth.ts";
import type { KeySealer } from "../crypto/key-sealer.ts";
import type { Database } from "../db.ts";
import type { RunHub } from "./run-hub.ts";

/** What the web process has for its whole life; tests hand in their own. */
export type Services = {
  db: Database;
  pool: pg.Pool;
  auth: Auth;
  queue: Queue;
  vault: Vault;
  keySealer: KeySealer;
  hub: RunHub;
  publicUrl: string;
  /** whether this installation has a mail server */
  mail: boolean;
  /** the identity provider people may sign in with */
  oidc: { name: string } | null;
  now: () => Date;
  /** an unexpected error, already without secrets */
  report: (error: unknown, where: string) => void;
};

export type ApiContext = {
  services: Services;
  headers: Headers;
  actor: Actor;
  /** cookies to set are appended here; absent where the answer is a rendered page */
  responseHeaders?: Headers;
};

/** Finds out who asks. A session is prolonged only where its new cookie can be sent. */
export async function createApiContext(
  services: Services,
  headers: Headers,
  responseHeaders?: Headers,
): Promise<ApiContext> {
  const { headers: answered, response } = await services.auth.api.getSession({
    headers,
    query: { disableRefresh: responseHeaders === undefined },
    returnHeaders: true,
  });
  for (const cookie of answered.getSetCookie()) responseHeaders?.append("set-cookie", cookie);
  const actor: Actor = response
    ? { type: "user", ...userOf(response.user), sessionId: response.session.id }
    : { type: "nobody" };
  return { services, headers, actor, responseHeaders };
}

function userOf({ id, name, email }: { id: string; name: string; email: string }) {
  return { userId: id, name, email };
}

export function domainContext({ services, actor }: ApiContext): DomainContext {
  const { db, queue, vault, now, keySealer: sealer, publicUrl: url } = services;
  return { db, queue, vault, now, actor, signing: { sealer, url } };
}
