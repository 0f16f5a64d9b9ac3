import { type Endpoint, secretNeedOf } from "#common/contracts/endpoint.ts";
import type { Reason } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { type EndpointTarget, ReadError } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import { type Opener, VaultError } from "../crypto/vault.ts";
import type { Database } from "../db.ts";
import { connectionSettingsSchema } from "../domain/clusters/connection-settings.ts";
import { type EndpointParts, endpointConnectors } from "./endpoint-connectors.ts";
import { vaultProblems } from "./vault-problems.ts";

type Gateway = { db: Database; opener: Opener; dialler: Dialler };
export type OpenEndpoint = {
  endpoint: Endpoint;
  target: EndpointTarget;
  version: EndpointParts["version"];
  secrets: string[];
};

/** The endpoints among a cluster's connections, each a target of its own. */
export async function openEndpoints(
  gateway: Gateway,
  connections: readonly Connection[],
): Promise<{ targets: EndpointTarget[]; secrets: string[] }> {
  const opened = await Promise.all(connections.map((connection) => openEndpoint(gateway, connection)));
  const endpoints = opened.filter((one) => one !== undefined);
  return {
    targets: endpoints.map(({ target }) => target),
    secrets: endpoints.flatMap(({ secrets }) => secrets),
  };
}

/** undefined for a connection that is no endpoint. One whose secret does not open answers every read with that. */
export async function openEndpoint(
  { db, opener, dialler }: Gateway,
  connection: Connection,
): Promise<OpenEndpoint | undefined> {
  const { endpoint } = connectionSettingsSchema.parse(connection.settings);
  if (!endpoint) return undefined;
  const opened = await openSecret({ db, opener }, connection);
  const secret = "secret" in opened ? opened.secret : undefined;
  const parts = endpointConnectors(endpoint, secret, dialler);
  const problem =
    "problem" in opened
      ? opened.problem
      : secret === undefined && secretNeedOf(endpoint) === "required"
        ? "no credential is stored for this endpoint"
        : undefined;
  const { connectors, own, tls } = problem === undefined ? parts : withoutSecret(parts, problem);
  const key = `${connection.kind}:${connection.name}`;
  const target: EndpointTarget = { kind: "endpoint", key, name: connection.name, connectors, own, tls };
  return {
    ...{ endpoint, target },
    version: problem === undefined ? parts.version : undefined,
    secrets: secret === undefined ? [] : [secret],
  };
}

async function openSecret(
  { db, opener }: Pick<Gateway, "db" | "opener">,
  { id: connectionId, teamId }: Connection,
): Promise<{ secret: string | undefined } | { problem: string }> {
  const binding = { teamId, connectionId };
  const record = await db.credential.findFirst({ where: binding });
  if (!record) return { secret: undefined };
  try {
    const { secret } = await opener.open(binding, { ...record, fields: stringFields(record.fields) });
    return { secret };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return { problem: vaultProblems[error.problem] };
  }
}

/** TLS needs no secret and goes on. */
function withoutSecret({ connectors, own, tls }: EndpointParts, detail: string): EndpointParts {
  const reason: Reason = { code: "credential-unreadable", what: "open the stored credential", detail };
  const refusing = { read: () => Promise.reject(new ReadError(reason)), close: () => Promise.resolve() };
  const closed = Object.keys(connectors).map((protocol) => [protocol, refusing]);
  return { connectors: { ...Object.fromEntries(closed), tls: connectors.tls }, own, tls };
}

function stringFields(stored: unknown): Record<string, string> {
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => typeof value === "string"));
}
