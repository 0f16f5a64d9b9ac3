import { randomUUID } from "node:crypto";
import type { Role } from "#common/role.ts";
import type { Services } from "#server/api/context.ts";
import { createCaller } from "#server/api/root.ts";
import { createRunHub } from "#server/api/run-hub.ts";
import { createAuth, type Oidc } from "#server/auth.ts";
import { createKeySealer } from "#server/crypto/key-sealer.ts";
import { createSealer, generateWorkerKeys } from "#server/crypto/vault.ts";
import type { Actor, DomainContext, TeamContext } from "#server/domain/context.ts";
import { openQueue } from "#server/jobs/queue.ts";
import { createTestDatabase } from "./database.ts";

export type Person = Extract<Actor, { type: "user" }>;
export type TestInstance = Awaited<ReturnType<typeof createTestInstance>>;

const publicUrl = "http://127.0.0.1:3000";

/** All that the web process works with, on a database of its own: the real queue, vault, sign-in and live updates. */
export async function createTestInstance({ oidc = null }: { oidc?: Oidc | null } = {}) {
  const database = await createTestDatabase();
  const workerKeys = await generateWorkerKeys();
  const queue = await openQueue({ url: database.url, role: "web", onError: () => {} });
  const hub = createRunHub({ url: database.url, onLost: () => {} });
  const reported: unknown[] = [];
  const { db, pool, url } = database;
  const services: Services = {
    db,
    pool,
    auth: createAuth({ db, publicUrl, secret: "a secret of the tests, 32 characters or more", oidc }),
    oidc: oidc && { name: oidc.settings.name },
    queue,
    vault: await createSealer(workerKeys.publicKey),
    keySealer: createKeySealer("a secret of the tests, 32 characters or more"),
    hub,
    publicUrl,
    mail: true,
    now: () => new Date(),
    report: (error) => reported.push(error),
  };
  const contextOf = (actor: Actor): DomainContext => {
    const { vault, now, keySealer: sealer } = services;
    return { db, queue, vault, now, actor, signing: { sealer, url: publicUrl } };
  };
  return {
    url,
    db,
    pool,
    services,
    workerKeys,
    /** unexpected errors, which would be logged */
    reported,
    contextOf,
    callerOf: (actor: Actor) => createCaller({ services, headers: new Headers(), actor }),
    async team(name = `Team ${randomUUID().slice(0, 8)}`) {
      return db.team.create({ data: { name, slug: name.toLowerCase().replaceAll(" ", "-") } });
    },
    async person(name = "Ada"): Promise<Person> {
      const userId = randomUUID();
      const email = `${userId}@example.com`;
      await db.user.create({ data: { id: userId, name, email } });
      return { type: "user", userId, name, email };
    },
    /** a new person with this role in the team, as a verb sees them */
    async member(team: { id: string; slug: string; name: string }, role: Role): Promise<TeamContext> {
      const person = await this.person(`${role} of ${team.name}`);
      await db.membership.create({ data: { teamId: team.id, userId: person.userId, role } });
      return { ...contextOf(person), team, role };
    },
    async close() {
      await hub.close();
      await queue.stop();
      await database.close();
    },
  };
}
