import type { ConnectionTest } from "#common/contracts/cluster.ts";
import type { Connection } from "#generated/prisma/client.ts";
import type { EndpointConnectors, EndpointTarget, ReadContext } from "../connectors/connector.ts";
import { ReadError } from "../connectors/connector.ts";
import { readError } from "../connectors/read-error.ts";
import { untilAborted } from "../engine/lane.ts";
import { createRedactor } from "../redact.ts";
import { type OpenEndpoint, openEndpoint } from "./open-endpoints.ts";
import type { Gateway } from "./open-targets.ts";

type Identity = { version: string; userName: string };

/** Asks an endpoint the least that shows it is there, is what it is said to be and takes the credential. */
export async function testEndpoint(
  gateway: Gateway,
  connection: Connection,
  context: ReadContext,
): Promise<ConnectionTest> {
  const opened = await openEndpoint(gateway, connection);
  if (!opened) throw new Error(`connection ${connection.id} is no endpoint`);
  const redactor = createRedactor(opened.secrets);
  const startedMs = performance.now();
  try {
    const identity = await untilAborted(identify(opened, context), context.signal);
    const latencyMs = Math.round(performance.now() - startedMs);
    const nothing = { groups: [], permissions: [], broad: false, beyond: [] };
    return redactor.value({ ok: true as const, ...identity, latencyMs, ...nothing });
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return redactor.value({ ok: false as const, reason: error.reason });
  } finally {
    const { tls: _tls, ...others } = opened.target.connectors;
    await Promise.allSettled(Object.values(others).map((connector) => connector.close()));
  }
}

async function identify(
  { endpoint, target, version }: OpenEndpoint,
  context: ReadContext,
): Promise<Identity> {
  const auth = "auth" in endpoint ? endpoint.auth : undefined;
  const userName = auth && "username" in auth ? auth.username : "";
  switch (endpoint.kind) {
    case "tls":
      return { version: await tlsVersion(target, context), userName };
    case "http":
      return { version: await httpVersion(connectorOf(target, "http"), context), userName };
    case "dns": {
      const request = { type: "dns.query", name: "example.com", recordType: "SOA", via: null } as const;
      const { value } = await connectorOf(target, "dns").read(request, context);
      return { version: `${value.transport} · ${value.rcode}`, userName };
    }
    case "registry":
      return { version: await registryVersion(connectorOf(target, "registry"), context), userName };
    case "mysql": {
      const sql = "SELECT CURRENT_USER() AS name";
      const { value } = await connectorOf(target, "mysql").read(
        { type: "mysql.query", sql, maxRows: 1 },
        context,
      );
      const tls = value.server.tls ? " · TLS" : "";
      return { version: `${value.server.version}${tls}`, userName: String(value.rows[0]?.name ?? "") };
    }
    case "prometheus": {
      // Without a question of its own the connector is one that refuses: it says why.
      if (version) return { version: `Prometheus ${await version(context)}`.trim(), userName };
      await connectorOf(target, "prometheus").read({ type: "prometheus.query", query: "1" }, context);
      return { version: "Prometheus", userName };
    }
    case "kafka": {
      const { value } = await connectorOf(target, "kafka").read(
        { type: "kafka.cluster", topics: [] },
        context,
      );
      const brokers = `${value.brokers.length} ${value.brokers.length === 1 ? "broker" : "brokers"}`;
      return { version: `Kafka ${value.clusterId ?? ""} · ${brokers}`, userName };
    }
  }
}

function connectorOf<Protocol extends Exclude<keyof EndpointConnectors, "tls">>(
  { connectors }: EndpointTarget,
  protocol: Protocol,
): EndpointConnectors[Protocol] {
  const connector = connectors[protocol];
  if (!connector) throw new Error(`the endpoint does not speak ${protocol}`);
  return connector;
}

/** Whether its certificate is trusted is for a check to say; what it is, for everybody. */
async function tlsVersion({ connectors, tls }: EndpointTarget, context: ReadContext): Promise<string> {
  if (!tls || !connectors.tls) throw new Error("the endpoint has no TLS server");
  const { caPem: extraRootsPem, ...place } = tls;
  const seen = await connectors.tls.handshake({ ...place, extraRootsPem }, context);
  return [seen.protocol, seen.cipher, ...(seen.verifyError ? [seen.verifyError] : [])].join(" · ");
}

async function httpVersion(http: EndpointConnectors["http"], context: ReadContext): Promise<string> {
  const { value, missing = [] } = await http.read(
    { type: "http.request", url: null, method: "GET" },
    context,
  );
  const [exchange] = value;
  if (!exchange) throw new ReadError(missing[0] ?? { code: "malformed", what: "GET the address" });
  if (exchange.status === 401 || exchange.status === 403) {
    const [code, token] =
      exchange.status === 401
        ? (["unauthorized", "credential-not-accepted"] as const)
        : (["forbidden", "forbidden"] as const);
    throw readError(code, `GET ${exchange.url}`, token, `the server answers ${exchange.status}`);
  }
  return `HTTP/${exchange.httpVersion.replace(/^HTTP\//i, "")} · ${exchange.status}`;
}

/** An image that nobody has: a registry that took the credential says that it has none such. */
async function registryVersion(
  registry: EndpointConnectors["registry"],
  context: ReadContext,
): Promise<string> {
  const request = { type: "registry.image", reference: "weekbook/connection-test:none" } as const;
  try {
    await registry.read(request, context);
  } catch (error) {
    if (!(error instanceof ReadError) || error.reason.code !== "not-found") throw error;
  }
  return "registry API v2";
}
