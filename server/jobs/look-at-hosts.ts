import type { HostOutcome } from "#common/contracts/host.ts";
import type { Reason } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { ReadError } from "../connectors/connector.ts";
import { createSshConnector } from "../connectors/ssh/client.ts";
import { type SshPlace, type SshRoute, scanHostKey } from "../connectors/ssh/connect.ts";
import { createGate, type Gate } from "../connectors/ssh/gate.ts";
import { judgeHostKey } from "../connectors/ssh/host-key.ts";
import { hostName } from "../connectors/ssh/known-hosts.ts";
import { messageOf } from "../engine/answer.ts";
import { createLane } from "../engine/lane.ts";
import { createRedactor } from "../redact.ts";
import { type HostRoutes, hostRoutes } from "./host-routes.ts";
import { type Gateway, openKubernetes } from "./open-targets.ts";
import type { JobHandler } from "./queue.ts";
import { storableJson } from "./storable.ts";

const hostsAtOnce = 50;
const listNodesMs = 30_000;
const unmetered = { call: () => {}, bytes: () => {}, throttled: () => {} };

/** Looks at every host of a group and keeps what each showed and answered with the connection. */
export function createLookAtHosts(gateway: Gateway): JobHandler<"look-at-hosts"> {
  return async ({ connectionId, teamId, login }, signal) => {
    const connection = await gateway.db.connection.findFirst({
      where: { id: connectionId, teamId, kind: "ssh" },
    });
    if (!connection) return;
    const startedMs = performance.now();
    const opened = await openRoutes(gateway, connection, signal);
    const hosts = await lookAtAll(gateway, opened, { login, signal });
    if (signal.aborted) return;
    const report = createRedactor(opened.secrets).value({ hosts, problem: opened.problem });
    const failed = report.problem ?? (login ? report.hosts.find(({ ok }) => !ok)?.reason : undefined);
    const latencyMs = Math.round(performance.now() - startedMs);
    const { user } = opened.settings.hostGroup;
    const summary = failed
      ? { ok: false, reason: failed }
      : { ok: true, version: "", userName: user, groups: [], latencyMs, permissions: [], broad: false };
    // Not of a group that leads elsewhere by now; that one's own look is on the way.
    await gateway.db.connection.updateMany({
      where: { id: connection.id, address: connection.address },
      data: { lastTest: storableJson({ ...summary, ...report }), lastTestAt: new Date() },
    });
  };
}

async function openRoutes(
  gateway: Gateway,
  connection: Connection,
  signal: AbortSignal,
): Promise<HostRoutes> {
  const { db, opener } = gateway;
  const api = await db.connection.findFirst({
    where: { clusterId: connection.clusterId, kind: "kubernetes" },
  });
  const kubernetes = api ? (await openKubernetes(gateway, api)).connector : undefined;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(listNodesMs)]);
  try {
    return await hostRoutes({ db, opener }, connection, {
      list: () => Promise.resolve(kubernetes),
      signal: limited,
    });
  } finally {
    await kubernetes?.close();
  }
}

async function lookAtAll(
  gateway: Gateway,
  { routes, settings }: HostRoutes,
  { login, signal }: { login: boolean; signal: AbortSignal },
): Promise<HostOutcome[]> {
  const lane = createLane(hostsAtOnce);
  const gate = createGate(hostsAtOnce);
  const { jump } = settings.hostGroup;
  const known = routes[0]?.known;
  const outer = jump && known ? [await scan({ ...jump, known }, { gateway, signal })] : [];
  const looks = routes.map((route) =>
    lane(signal, () =>
      login && route.key ? logIn(route, { gateway, signal, gate }) : scan(route, { gateway, signal }),
    ),
  );
  return [...outer, ...(await Promise.all(looks))];
}

type Place = SshPlace & Pick<SshRoute, "known" | "jump">;

/** Only as far as the host's key. */
async function scan(
  place: Place,
  { gateway, signal }: { gateway: Gateway; signal: AbortSignal },
): Promise<HostOutcome> {
  const host = hostName(place);
  try {
    const key = await scanHostKey(place, { dialler: gateway.dialler, signal });
    const refusal = judgeHostKey(key, place.known(place), host);
    return { host, key: key.toString("base64"), ok: refusal === undefined, reason: refusal?.reason };
  } catch (error) {
    signal.throwIfAborted();
    return { host, ok: false, reason: reasonOf(error, host) };
  }
}

async function logIn(
  route: SshRoute,
  { gateway, signal, gate }: { gateway: Gateway; signal: AbortSignal; gate: Gate },
): Promise<HostOutcome> {
  const host = hostName(route);
  let key: string | undefined;
  const onHostKey = (shown: Buffer) => {
    key = shown.toString("base64");
  };
  const connector = createSshConnector(
    { ...route, sudo: false, onHostKey },
    { dialler: gateway.dialler, gate },
  );
  try {
    const asked = { id: "kernel", type: "file", path: "/proc/sys/kernel/osrelease" } as const;
    const answer = (await connector.read([asked], { signal, meter: unmetered })).get("kernel");
    if (answer?.type === "unread") return { host, key, ok: false, reason: answer.reason };
    return { host, key, ok: true };
  } catch (error) {
    signal.throwIfAborted();
    return { host, key, ok: false, reason: reasonOf(error, host) };
  } finally {
    await connector.close();
  }
}

function reasonOf(error: unknown, host: string): Reason {
  if (error instanceof ReadError) return error.reason;
  return { code: "internal", what: `connect to ${host}`, detail: messageOf(error) };
}
