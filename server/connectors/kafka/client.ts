import type { Reason } from "#common/result.ts";
import type { KafkaCluster, KafkaRequest } from "../../checks/needs/endpoint-requests.ts";
import { createRedactor } from "../../redact.ts";
import { type EndpointConnector, type ReadContext, ReadError, type Reading } from "../connector.ts";
import type { Dialler, Endpoint } from "../dialler.ts";
import { readError } from "../read-error.ts";
import type { KafkaAccess } from "./access.ts";
import { brokerConfigs, readConfigs, topicConfigs } from "./configs.ts";
import { type BrokerConnection, connectBroker } from "./connection.ts";
import { type MetadataResponse, metadata } from "./messages.ts";
import { signIn } from "./sign-in.ts";
import { toTopics } from "./topics.ts";

export type KafkaConnectorOptions = {
  dialler: Dialler;
  own: KafkaAccess;
  connectTimeoutMs?: number;
  readTimeoutMs?: number;
  maxFrameBytes?: number;
  maxTopics?: number;
  maxBrokers?: number;
};

/** Brokers, topics and their configuration. Each broker tells its own, so each is connected to, through the dialler. */
export function createKafkaConnector(options: KafkaConnectorOptions): EndpointConnector<KafkaRequest> {
  const { own: access } = options;
  const limits = { topics: options.maxTopics ?? 5_000, brokers: options.maxBrokers ?? 100 };
  const readTimeoutMs = options.readTimeoutMs ?? 20_000;
  const { text: redact } = createRedactor(access.sasl ? [access.sasl.password] : []);

  async function open(endpoint: Endpoint, trust: KafkaAccess["tls"], context: ReadContext) {
    const connection = await connectBroker(endpoint, {
      ...{ dialler: options.dialler, trust, ...context },
      connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
      maxFrameBytes: options.maxFrameBytes ?? 16 << 20,
    });
    try {
      await signIn(connection, access, redact);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The first bootstrap address that answers. A credential that is turned down is not tried elsewhere. */
  async function bootstrap(context: ReadContext): Promise<BrokerConnection> {
    let failure: unknown;
    for (const endpoint of access.bootstrap) {
      try {
        return await open(endpoint, access.tls, context);
      } catch (error) {
        if (!(error instanceof ReadError) || error.reason.code === "unauthorized") throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  async function readCluster(
    request: KafkaRequest,
    connection: BrokerConnection,
    context: ReadContext,
  ): Promise<Reading<KafkaCluster>> {
    const answer = await connection.send(metadata, request.topics ?? null);
    const missing: Reason[] = [];
    const { topics, brokers } = cut(answer, limits, { place: connection.place, missing });
    const names = topics.filter(({ error }) => error === 0).map(({ name }) => name);
    const ofTopics = await readConfigs(connection, { type: "topic", names, configs: topicConfigs }, redact);
    missing.push(...ofTopics.missing);
    const told: KafkaCluster["brokers"] = [];
    for (const broker of brokers) {
      const config = await readBroker(broker, context).catch((error: unknown) => {
        context.signal.throwIfAborted();
        if (!(error instanceof ReadError)) throw error;
        missing.push({ ...error.reason, what: `broker ${broker.id}: ${error.reason.what}` });
        return {};
      });
      told.push({ ...broker, config });
    }
    const { clusterId, controllerId } = answer;
    const value: KafkaCluster = {
      clusterId,
      controllerId: controllerId < 0 ? null : controllerId,
      brokers: told,
      topics: toTopics(topics, ofTopics.byName, missing),
    };
    return { value, read: value.topics.length, missing };
  }

  async function readBroker(
    { id, host, port }: MetadataResponse["brokers"][number],
    context: ReadContext,
  ): Promise<Record<string, string>> {
    const trust = access.tls && { caPem: access.tls.caPem };
    const connection = await open({ host, port }, trust, context);
    try {
      const asked = { type: "broker" as const, names: [String(id)], configs: brokerConfigs };
      const { byName, missing } = await readConfigs(connection, asked, redact);
      const [reason] = missing;
      if (reason) throw new ReadError(reason);
      return byName.get(String(id)) ?? {};
    } finally {
      connection.close();
    }
  }

  return {
    async read<R extends KafkaRequest>(request: R, context: ReadContext) {
      const deadline = AbortSignal.timeout(readTimeoutMs);
      const bounded = { ...context, signal: AbortSignal.any([context.signal, deadline]) };
      let connection: BrokerConnection | undefined;
      try {
        connection = await bootstrap(bounded);
        return await readCluster(request, connection, bounded);
      } catch (error) {
        context.signal.throwIfAborted();
        if (!deadline.aborted) throw error;
        const sentence = `no whole answer within ${readTimeoutMs} ms`;
        throw readError("timed-out", "read the Kafka cluster", "request-timeout", sentence, error);
      } finally {
        connection?.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

function cut(
  { topics, brokers }: MetadataResponse,
  limits: { topics: number; brokers: number },
  { place, missing }: { place: string; missing: Reason[] },
): Pick<MetadataResponse, "topics" | "brokers"> {
  for (const [kind, all, limit] of [
    ["topics", topics, limits.topics],
    ["brokers", brokers, limits.brokers],
  ] as const) {
    if (all.length <= limit) continue;
    const sentence = `${all.length} ${kind}; ${limit} are read`;
    missing.push(readError("truncated", `ask ${place} for Metadata`, "answer-too-large", sentence).reason);
  }
  return { topics: topics.slice(0, limits.topics), brokers: brokers.slice(0, limits.brokers) };
}
