import type { Role } from "#common/role.ts";
import type { KeySealer } from "../crypto/key-sealer.ts";
import type { Database, DatabaseTransaction } from "../db.ts";

/** Who acts. A verb asks `actor` and never a request. */
export type Actor =
  | {
      type: "user";
      userId: string;
      name: string;
      email: string;
      /** what goes on after the request, such as a stream, ends with the session */
      sessionId?: string;
    }
  /** a program with an API key, which acts for the member who made it */
  | { type: "key"; keyId: string; userId: string; name: string }
  | { type: "system"; name: string }
  | { type: "nobody" };

/** Puts a job on the queue inside the transaction `tx`, so that a row and its job are there both or neither. */
export type Queue = {
  enqueue<Name extends keyof JobPayloads>(
    tx: DatabaseTransaction,
    name: Name,
    payload: JobPayloads[Name],
    options?: {
      /** how many of the team's own jobs it stands behind: whoever asks for much does not go before who asks for little */
      behind?: number;
    },
  ): Promise<void>;
};

export type JobPayloads = {
  "run-checks": { runId: string; teamId: string; part: number };
  "test-connection": { connectionId: string; teamId: string };
  /** fetches the keys the hosts of a group show; with `login` also logs in where they are known */
  "look-at-hosts": { connectionId: string; teamId: string; login: boolean };
};

/** Seals secrets to the worker's public key; nothing in the web process can open them. */
export type Vault = {
  seal(
    binding: { teamId: string; connectionId: string },
    fields: Record<string, string>,
  ): Promise<{ sealedKey: Uint8Array<ArrayBuffer>; workerKeyId: string; fields: Record<string, string> }>;
};

/** What signs bundles: the seal of the instance's keys, and the address it is known by. */
export type Signing = { sealer: KeySealer; url: string };

export type DomainContext = {
  db: Database;
  actor: Actor;
  now: () => Date;
  queue: Queue;
  vault: Vault;
  /** in the web process */
  signing?: Signing;
};

/** A context whose actor was found to be a member of `team`. Every query of a verb that takes it filters by team.id. */
export type TeamContext = DomainContext & {
  team: { id: string; slug: string; name: string };
  role: Role;
  /** by cluster id, where it differs from `role`; server/domain/clusters/role-on.ts reads it */
  clusterRoles?: ReadonlyMap<string, Role>;
};
