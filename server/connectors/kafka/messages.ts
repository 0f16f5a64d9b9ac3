import type { WireReader, WireWriter } from "./wire.ts";

/** A request of Kafka's protocol in the one version that is spoken here, from Kafka 1.1 to 4. */
export type Message<Request, Response> = {
  name: string;
  key: number;
  version: number;
  write(writer: WireWriter, request: Request): void;
  read(reader: WireReader): Response;
};

export const apiVersions: Message<
  void,
  { error: number; apis: { key: number; min: number; max: number }[] }
> = {
  ...{ name: "ApiVersions", key: 18, version: 0 },
  write: () => {},
  read: (reader) => ({
    error: reader.int16(),
    apis: reader.array((one) => ({ key: one.int16(), min: one.int16(), max: one.int16() })),
  }),
};

export const saslHandshake: Message<string, { error: number; mechanisms: string[] }> = {
  ...{ name: "SaslHandshake", key: 17, version: 1 },
  write: (writer, mechanism) => void writer.string(mechanism),
  read: (reader) => ({ error: reader.int16(), mechanisms: reader.array((one) => one.string()) }),
};

export const saslAuthenticate: Message<Buffer, { error: number; message: string | null; bytes: Buffer }> = {
  ...{ name: "SaslAuthenticate", key: 36, version: 0 },
  write: (writer, bytes) => void writer.bytes(bytes),
  read: (reader) => ({ error: reader.int16(), message: reader.nullableString(), bytes: reader.bytes() }),
};

export type MetadataResponse = {
  brokers: { id: number; host: string; port: number; rack: string | null }[];
  clusterId: string | null;
  controllerId: number;
  topics: {
    error: number;
    name: string;
    internal: boolean;
    partitions: {
      error: number;
      id: number;
      leader: number;
      replicas: number[];
      inSync: number[];
      offline: number[];
    }[];
  }[];
};

const int32s = (reader: WireReader) => reader.array((one) => one.int32());

/** `null` asks for all topics; none is ever made by asking. */
export const metadata: Message<readonly string[] | null, MetadataResponse> = {
  ...{ name: "Metadata", key: 3, version: 5 },
  write: (writer, topics) => void writer.array(topics, (to, name) => to.string(name)).boolean(false),
  read: (reader) => {
    reader.int32();
    return {
      brokers: reader.array((one) => ({
        id: one.int32(),
        host: one.string(),
        port: one.int32(),
        rack: one.nullableString(),
      })),
      clusterId: reader.nullableString(),
      controllerId: reader.int32(),
      topics: reader.array((one) => ({
        error: one.int16(),
        name: one.string(),
        internal: one.boolean(),
        partitions: one.array((part) => ({
          error: part.int16(),
          id: part.int32(),
          leader: part.int32(),
          replicas: int32s(part),
          inSync: int32s(part),
          offline: int32s(part),
        })),
      })),
    };
  },
};

export const resourceTypes = { topic: 2, broker: 4 } as const;
export type ConfigResource = { type: keyof typeof resourceTypes; name: string; configs: readonly string[] };
export type DescribedConfig = {
  error: number;
  message: string | null;
  name: string;
  /** null where the broker keeps the value to itself */
  configs: { name: string; value: string | null; sensitive: boolean }[];
};

export const describeConfigs: Message<readonly ConfigResource[], DescribedConfig[]> = {
  ...{ name: "DescribeConfigs", key: 32, version: 1 },
  write: (writer, resources) =>
    void writer
      .array(resources, (to, { type, name, configs }) =>
        to
          .int8(resourceTypes[type])
          .string(name)
          .array(configs, (inner, config) => inner.string(config)),
      )
      .boolean(false),
  read: (reader) => {
    reader.int32();
    return reader.array((one) => {
      const [error, message] = [one.int16(), one.nullableString()];
      one.int8();
      return { error, message, name: one.string(), configs: one.array(readConfig) };
    });
  },
};

function readConfig(reader: WireReader): DescribedConfig["configs"][number] {
  const [name, value] = [reader.string(), reader.nullableString()];
  reader.boolean();
  reader.int8();
  const sensitive = reader.boolean();
  reader.array((one) => [one.string(), one.nullableString(), one.int8()]);
  return { name, value, sensitive };
}
