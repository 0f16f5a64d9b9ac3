import type { Reason } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { type HostConnector, type KubernetesConnector, ReadError } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import { createSshConnector } from "../connectors/ssh/client.ts";
import { createGate, type Gate } from "../connectors/ssh/gate.ts";
import type { Opener } from "../crypto/vault.ts";
import type { Database } from "../db.ts";
import { hostRoutes } from "./host-routes.ts";

/**
 * SSH connections that one worker holds at a time, whatever it runs. More than are at work at once: a host that is
 * read twice keeps its own in between.
 */
const connectionsAtOnce = 200;
const gateOfThisWorker = createGate(connectionsAtOnce);
const listNodesMs = 30_000;

type Gateway = { db: Database; opener: Opener; dialler: Dialler };

/** The hosts of a cluster's groups, by the keys of their targets. None is connected to before it is asked. */
export async function openHosts(
  { db, opener, dialler }: Gateway,
  connections: readonly Connection[],
  { kubernetes, gate = gateOfThisWorker }: { kubernetes?: KubernetesConnector; gate?: Gate },
): Promise<{ hosts: Map<string, HostConnector>; secrets: string[] }> {
  const hosts = new Map<string, HostConnector>();
  const secrets: string[] = [];
  for (const connection of connections.filter(({ kind }) => kind === "ssh")) {
    const nodes = { list: () => Promise.resolve(kubernetes), signal: AbortSignal.timeout(listNodesMs) };
    const { routes, problem, settings, ...opened } = await hostRoutes({ db, opener }, connection, nodes);
    secrets.push(...opened.secrets);
    const key = `ssh:${connection.name}`;
    const { sudo } = settings.hostGroup;
    for (const { name, ...route } of routes) {
      const connector = route.key
        ? createSshConnector({ ...route, sudo }, { dialler, gate })
        : closedHost(name, problem);
      hosts.set(`${key}/${name}`, connector);
    }
    // Hosts that could not be found out stand as one that answers with the reason: none may be left out unseen.
    if (problem && problem.code !== "credential-unreadable")
      hosts.set(`${key}/nodes`, closedHost(`${connection.name}: nodes`, problem));
  }
  return { hosts, secrets };
}

function closedHost(
  name: string,
  reason: Reason = { code: "credential-unreadable", what: "open the stored key" },
): HostConnector {
  const refuse = () => Promise.reject(new ReadError(reason));
  return { name, read: refuse, perform: refuse, close: () => Promise.resolve() };
}
