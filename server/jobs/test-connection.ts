import os from "node:os";
import type { ConnectionTest } from "#common/contracts/cluster.ts";
import type { TargetKind } from "#common/result.ts";
import type { Connection } from "#generated/prisma/client.ts";
import { checks } from "../checks/registry.gen.ts";
import { ReadError, type Review } from "../connectors/connector.ts";
import { createLocalHostConnector } from "../connectors/local-host.ts";
import type { Database } from "../db.ts";
import { accessPermissions } from "../domain/clusters/access-permissions.ts";
import { isEndpoint } from "../domain/endpoints/find-endpoint.ts";
import { messageOf } from "../engine/answer.ts";
import { untilAborted } from "../engine/lane.ts";
import { createRedactor } from "../redact.ts";
import { closeBreakers } from "./breakers.ts";
import { type Gateway, openKubernetes } from "./open-targets.ts";
import type { JobHandler } from "./queue.ts";
import { storableJson } from "./storable.ts";
import { testEndpoint } from "./test-endpoint.ts";

const LIMIT_MS = 20_000;
const unmetered = { call: () => {}, bytes: () => {}, throttled: () => {} };

/** Asks a connection who and what it is and keeps the report with it. */
export function createTestConnection(gateway: Gateway): JobHandler<"test-connection"> {
  return async ({ connectionId, teamId }, signal) => {
    const connection = await gateway.db.connection.findFirst({ where: { id: connectionId, teamId } });
    if (!connection) return;
    const timeUp = new ReadError({
      code: "timed-out",
      what: "test the connection",
      detail: `not done after ${LIMIT_MS / 1000} s`,
    });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(timeUp), LIMIT_MS);
    try {
      const report = await reportOf(gateway, connection, AbortSignal.any([signal, deadline.signal]));
      if (signal.aborted) return;
      // Of a connection that was changed meanwhile this says nothing; its own test is on the way.
      await gateway.db.connection.updateMany({
        where: { id: connection.id, address: connection.address, updatedAt: connection.updatedAt },
        data: { lastTest: storableJson(report), lastTestAt: new Date() },
      });
      if (report.ok) await closeBreakers(gateway.db, connection.clusterId, targetKindOf(connection));
      await markPractice(gateway.db, connection, report);
    } finally {
      clearTimeout(timer);
    }
  };
}

function targetKindOf({ kind }: Connection): TargetKind {
  if (kind === "kubernetes") return "kubernetes";
  return kind === "local_host" || kind === "ssh" ? "host" : "endpoint";
}

/** A practice cluster says so in its version; however it was registered, it is never shown as a real one. */
async function markPractice(
  db: Database,
  { clusterId, kind }: Connection,
  report: ConnectionTest,
): Promise<void> {
  if (kind !== "kubernetes" || !report.ok) return;
  const practice = report.version.endsWith("+practice");
  await db.cluster.updateMany({ where: { id: clusterId, practice: !practice }, data: { practice } });
}

function reportOf(gateway: Gateway, connection: Connection, signal: AbortSignal): Promise<ConnectionTest> {
  if (connection.kind === "kubernetes") return testKubernetes(gateway, connection, signal);
  if (isEndpoint(connection)) return testEndpoint(gateway, connection, { signal, meter: unmetered });
  return testThisMachine(gateway, signal);
}

async function testKubernetes(
  gateway: Gateway,
  connection: Connection,
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const { connector, secrets } = await openKubernetes(gateway, connection);
  const redactor = createRedactor(secrets);
  try {
    const report = await untilAborted(connector.test({ signal, meter: unmetered }, libraryReviews()), signal);
    const { version, user, latencyMs, permissions, broad, beyond } = report;
    const { name: userName, groups } = user;
    return redactor.value({ ok: true, version, userName, groups, latencyMs, permissions, broad, beyond });
  } catch (error) {
    return redactor.value(failed(error, "test the connection"));
  } finally {
    await connector.close();
  }
}

/** Whatever the library's checks read. */
function libraryReviews(): Review[] {
  return accessPermissions(checks).map(({ verb, group, resource }) => ({ verb, group, resource }));
}

async function testThisMachine(gateway: Gateway, signal: AbortSignal): Promise<ConnectionTest> {
  const path = "/proc/sys/kernel/osrelease";
  if (!gateway.thisMachine) {
    const detail = "reading the machine Weekbook runs on is switched off (WEEKBOOK_THIS_MACHINE)";
    return { ok: false, reason: { code: "not-permitted", what: "read this machine", detail } };
  }
  const connector = createLocalHostConnector();
  const startedMs = performance.now();
  try {
    const answers = await connector.read([{ id: "kernel", type: "file", path }], {
      signal,
      meter: unmetered,
    });
    const answer = answers.get("kernel");
    if (answer?.type === "unread") return { ok: false, reason: answer.reason };
    if (answer?.type !== "file") return failed(new Error("no answer"), path);
    return {
      ok: true,
      version: answer.text.trim(),
      userName: os.userInfo().username,
      groups: [],
      latencyMs: Math.round(performance.now() - startedMs),
      permissions: [],
      broad: false,
      beyond: [],
    };
  } catch (error) {
    return failed(error, path);
  } finally {
    await connector.close();
  }
}

function failed(error: unknown, what: string): ConnectionTest {
  if (error instanceof ReadError) return { ok: false, reason: error.reason };
  return { ok: false, reason: { code: "internal", what, detail: messageOf(error) } };
}
