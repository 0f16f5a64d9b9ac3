import type { AddressInfo, Server } from "node:net";
import { Access, type Grant, type Permission } from "./api/access.ts";
import { Disturbances, type Order, type OrderHandle } from "./api/disturbances.ts";
import { gitVersion } from "./api/health.ts";
import { RequestLog, type RequestLogEntry } from "./api/request-log.ts";
import { createApiServer } from "./api/server.ts";
import { createHostCertificate } from "./certificates.ts";
import { basesOf } from "./cluster/bases.ts";
import { Controllers } from "./cluster/controllers.ts";
import { plantCluster } from "./cluster/planting.ts";
import { resources } from "./cluster/resources.ts";
import { Store } from "./cluster/store.ts";
import { type Credentials, openCredentials, type UserName } from "./credentials.ts";
import { faults as allFaults } from "./faults/all.gen.ts";
import type { Fault, Planted } from "./faults/fault.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { publicHosts } from "./objects/base/edge.ts";
import type { Plan } from "./objects/plan.ts";
import type { Truth } from "./truth.ts";

export type PracticeClusterOptions = {
  host?: string;
  port?: number;
  nodes?: number;
  pods?: number;
  seed?: number;
  /** ids of the faults to plant; all when left out */
  faults?: readonly string[];
  /** where credentials are kept, so that kubeconfigs stay valid over restarts */
  stateDir?: string;
  latencyMs?: number;
};

export type PracticeCluster = {
  url: string;
  port: number;
  caPem: string;
  kubeconfig: Record<UserName | "adminCertificate", string>;
  /** of what is planted and not yet mended by `mend` */
  truth: Truth;
  requests: readonly RequestLogEntry[];
  /** what a person would do about a fault; its findings leave the truth */
  mend(faultId: string): void;
  revoke(user: UserName, permission: Permission): void;
  /** exactly these rights, until `grantAgain` */
  grantOnly(user: UserName, grant: Grant): void;
  grantAgain(user: UserName): void;
  /** trouble for coming requests that match */
  failNext(order: Order): OrderHandle;
  clearTroubles(): void;
  /** forgets old revisions: continue tokens from before answer 410 once something has changed */
  compact(): void;
  store: Store;
  close(): Promise<void>;
};

/** Objects of the practice cluster were made at this time, so that the same seed gives the same objects. */
const epochMs = Date.parse("2026-01-12T06:00:00Z");

export async function startPracticeCluster(options: PracticeClusterOptions = {}): Promise<PracticeCluster> {
  const { host = "127.0.0.1", port = 0, nodes = 6, pods = 120, seed = 1 } = options;
  const chosen = chooseFaults(options.faults);
  const credentials = await openCredentials(options.stateDir, host);
  const { plan, planted, difference } = plantCluster({ nodes, pods, seed, epochMs }, chosen);
  const caPem = credentials.authority.certificatePem;
  const tls = await createHostCertificate(credentials.authority, publicHosts);
  const store = new Store(resources, basesOf(plan, { caPem, tls }, difference));
  const controllers = new Controllers(plan, store);
  const access = new Access();
  const disturbances = new Disturbances();
  const log = new RequestLog();
  const server = createApiServer({
    cluster: { store, controllers, access, address: () => `${host}:${listeningPort(server.listener)}` },
    authority: credentials.authority,
    certificate: credentials.server,
    tokens: new Map(Object.entries(credentials.tokens).map(([user, token]) => [token, user])),
    disturbances,
    log,
    latencyMs: options.latencyMs ?? 0,
  });
  await listen(server.listener, host, port);
  const bound = listeningPort(server.listener);
  const url = `https://${host.includes(":") ? `[${host}]` : host}:${bound}`;
  const truth = truthOf(plan, planted);
  return {
    url,
    port: bound,
    caPem,
    kubeconfig: kubeconfigs(url, credentials),
    truth,
    requests: log.entries,
    mend(faultId) {
      const fault = chosen.find(({ id }) => id === faultId);
      if (!fault) throw new RangeError(`The fault ${faultId} is not planted.`);
      fault.mend(controllers);
      truth.faults = truth.faults.filter(({ id }) => id !== faultId);
    },
    revoke: (user, permission) => access.revoke(user, permission),
    grantOnly: (user, grant) => access.grantOnly(user, grant),
    grantAgain: (user) => access.grantAgain(user),
    failNext: (order) => disturbances.add(order),
    clearTroubles: () => disturbances.clear(),
    compact: () => store.compact(),
    store,
    close: () => close(server.listener, server.closeConnections),
  };
}

function chooseFaults(ids: readonly string[] | undefined): readonly Fault[] {
  if (!ids) return allFaults;
  return ids.map((id) => {
    const fault = allFaults.find((one) => one.id === id);
    const known = allFaults.map((one) => one.id).join(", ");
    if (!fault) throw new RangeError(`There is no fault "${id}". Known are: ${known}.`);
    return fault;
  });
}

function truthOf(plan: Plan, planted: ReadonlyMap<string, Planted>): Truth {
  const faults = [...planted].map(([id, { expected, decoys }]) => ({ id, expected, decoys }));
  const { seed, nodes } = plan;
  return { practice: true, gitVersion, seed, nodes, pods: plan.podKeys.length, faults };
}

function kubeconfigs(url: string, credentials: Credentials): PracticeCluster["kubeconfig"] {
  const caPem = credentials.authority.certificatePem;
  const byToken = (user: UserName) => kubeconfigFor(url, caPem, user, { token: credentials.tokens[user] });
  return {
    viewer: byToken("viewer"),
    admin: byToken("admin"),
    nobody: byToken("nobody"),
    restricted: byToken("restricted"),
    adminCertificate: kubeconfigFor(url, caPem, "admin", { certificate: credentials.adminCertificate }),
  };
}

function listeningPort(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server, closeConnections: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    closeConnections();
  });
}
