import type { Reason } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { type HostConnector, type KubernetesConnector, ReadError } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import type { KubernetesAccess, KubernetesAuth } from "../connectors/kubernetes/access.ts";
import { createKubernetesConnector } from "../connectors/kubernetes/client.ts";
import { createLocalHostConnector } from "../connectors/local-host.ts";
import { type Opener, VaultError } from "../crypto/vault.ts";
import type { Database } from "../db.ts";
import { connectionSettingsSchema, defaultBudget } from "../domain/clusters/connection-settings.ts";
import { assembleTargets, type OpenTargets } from "./assemble-targets.ts";
import { openEndpoints } from "./open-endpoints.ts";
import { openHosts } from "./open-hosts.ts";
import type { RequestBudgets } from "./request-budget.ts";
import { vaultProblems } from "./vault-problems.ts";

export type Gateway = {
  db: Database;
  opener: Opener;
  dialler: Dialler;
  budgets: RequestBudgets;
  /** whether the machine the worker runs on may be read */
  thisMachine: boolean;
};

/** Opens every connection of a cluster; undefined where there is no such cluster any more. */
export async function openTargets(
  gateway: Gateway,
  at: { clusterId: string; teamId: string },
): Promise<OpenTargets | undefined> {
  const cluster = await gateway.db.cluster.findFirst({
    where: { id: at.clusterId, teamId: at.teamId, removedAt: null },
    include: { connections: true },
  });
  if (!cluster) return undefined;
  const api = cluster.connections.find((connection) => connection.kind === "kubernetes");
  const machine = cluster.connections.find((connection) => connection.kind === "local_host");
  const opened = api && (await openKubernetes(gateway, api));
  const endpoints = await openEndpoints(gateway, cluster.connections);
  const groups = await openHosts(gateway, cluster.connections, { kubernetes: opened?.connector });
  return assembleTargets({
    kubernetes: opened && { connector: opened.connector, name: cluster.name },
    hosts: new Map([...(machine && gateway.thisMachine ? thisMachine() : []), ...groups.hosts]),
    endpoints: endpoints.targets,
    dialler: gateway.dialler,
    secrets: [...(opened?.secrets ?? []), ...endpoints.secrets, ...groups.secrets],
  });
}

export function thisMachine(): Map<string, HostConnector> {
  return new Map([["this-machine", createLocalHostConnector()]]);
}

/** A connection whose credential cannot be opened still answers: with that reason, for every read. */
export async function openKubernetes(
  { db, opener, dialler, budgets }: Gateway,
  connection: Connection,
): Promise<{ connector: KubernetesConnector; secrets: string[] }> {
  const {
    caPem,
    tlsServerName,
    budget = defaultBudget,
  } = connectionSettingsSchema.parse(connection.settings);
  const place = { server: connection.address, caPem, tlsServerName };
  const binding = { teamId: connection.teamId, connectionId: connection.id };
  const record = await db.credential.findFirst({ where: binding });
  if (!record) return unreadable(place, "no credential is stored for this connection");
  try {
    const fields = await opener.open(binding, { ...record, fields: stringFields(record.fields) });
    const auth = authOf(fields);
    if (!auth) return unreadable(place, "the stored credential is of no known kind");
    const limiter = budgets.limiterOf(connection.id, budget);
    const options = { dialler, limiter, maxInFlight: budget.inFlight };
    const connector = createKubernetesConnector({ ...place, auth }, options);
    return { connector, secrets: Object.values(fields) };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return unreadable(place, vaultProblems[error.problem]);
  }
}

function authOf(fields: Record<string, string>): KubernetesAuth | undefined {
  const { token, certificatePem, keyPem } = fields;
  if (token !== undefined) return { type: "token", token };
  if (certificatePem === undefined || keyPem === undefined) return undefined;
  return { type: "client-certificate", certificatePem, keyPem };
}

function unreadable(
  place: Omit<KubernetesAccess, "auth">,
  detail: string,
): { connector: KubernetesConnector; secrets: string[] } {
  const reason: Reason = { code: "credential-unreadable", what: "open the stored credential", detail };
  const refuse = () => Promise.reject(new ReadError(reason));
  const url = new URL(place.server);
  const endpoint = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 443),
    serverName: place.tlsServerName,
    caPem: place.caPem,
  };
  const connector = {
    endpoint,
    list: refuse,
    get: refuse,
    read: refuse,
    test: refuse,
    close: () => Promise.resolve(),
  };
  return { connector, secrets: [] };
}

function stringFields(stored: unknown): Record<string, string> {
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => typeof value === "string"));
}
