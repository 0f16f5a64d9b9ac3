import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/**
 * NOT a Kafka broker: a stub that speaks Kafka's wire protocol in the few requests and versions that are read here
 * (ApiVersions 0, SaslHandshake 1, SaslAuthenticate 0, Metadata 5, DescribeConfigs 1). It keeps no log.
 */
export type KafkaStub = {
  port: number;
  /** names of the requests that came, in their order */
  requests: string[];
  /** every byte that came */
  received(): Buffer;
  stop(): Promise<void>;
};

export type StubTopic = {
  name: string;
  error?: number;
  internal?: boolean;
  config?: Record<string, string>;
  configError?: [code: number, message: string];
  partitions?: {
    leader: number;
    replicas: number[];
    inSync: number[];
    offline?: number[];
    error?: number;
  }[];
};

export type KafkaStubOptions = {
  clusterId?: string;
  controllerId?: number;
  /** what Metadata says; by default the stub itself as broker 1 */
  brokers?: { id: number; host: string; port: number; rack?: string }[];
  brokerConfig?: Record<string, string>;
  brokerError?: [code: number, message: string];
  topics?: StubTopic[];
  tls?: { certPem: string; keyPem: string };
  sasl?: { mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"; username: string; password: string };
  iterations?: number;
  versions?: Record<number, [min: number, max: number]>;
  /** answers instead of the stub, byte for byte with the length in front; undefined: the stub answers */
  intercept?: (name: string, correlation: Buffer) => Buffer | undefined;
};

const names: Record<number, string> = {
  3: "Metadata",
  17: "SaslHandshake",
  18: "ApiVersions",
  32: "DescribeConfigs",
  36: "SaslAuthenticate",
};

const i8 = (value: number) => Buffer.from([value & 0xff]);
const i16 = (value: number) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const i32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string | null | undefined) =>
  value === null || value === undefined
    ? i16(-1)
    : Buffer.concat([i16(Buffer.byteLength(value)), Buffer.from(value)]);
const blob = (value: Buffer) => Buffer.concat([i32(value.length), value]);
const list = <T>(values: readonly T[], encode: (value: T) => Buffer) =>
  Buffer.concat([i32(values.length), ...values.map(encode)]);

export async function startKafkaStub(options: KafkaStubOptions = {}): Promise<KafkaStub> {
  const requests: string[] = [];
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    const session: Session = { signedIn: !options.sasl };
    let held = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const length = held.readInt32BE(0);
        const frame = Buffer.from(held.subarray(4, 4 + length));
        held = held.subarray(4 + length);
        const name = names[frame.readInt16BE(0)] ?? "unknown";
        requests.push(name);
        const own = options.intercept?.(name, frame.subarray(4, 8));
        const answer = own ?? answerTo(name, frame, { session, options, port });
        if (answer === undefined) return void socket.destroy();
        socket.write(answer);
      }
    });
  };
  const { tls } = options;
  const server: Server = tls
    ? createTlsServer({ cert: tls.certPem, key: tls.keyPem }, serve).on("tlsClientError", () => {})
    : createServer(serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const { port } = address;
  return {
    port,
    requests,
    received: () => Buffer.concat(chunks),
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

type Session = { signedIn: boolean; mechanism?: string; scram?: ReturnType<typeof scramServer> };
type At = { session: Session; options: KafkaStubOptions; port: number };

function answerTo(name: string, frame: Buffer, at: At): Buffer | undefined {
  const clientLength = Math.max(0, frame.readInt16BE(8));
  const body = frame.subarray(10 + clientLength);
  const isOpen = name === "ApiVersions" || name.startsWith("Sasl") || at.session.signedIn;
  const answer = isOpen ? bodyOf(name, body, at) : undefined;
  return answer && blob(Buffer.concat([frame.subarray(4, 8), answer]));
}

function bodyOf(name: string, body: Buffer, at: At): Buffer | undefined {
  switch (name) {
    case "ApiVersions":
      return versionsBody(at.options);
    case "SaslHandshake": {
      at.session.mechanism = body.subarray(2, 2 + body.readInt16BE(0)).toString();
      const known = at.options.sasl?.mechanism;
      const isKnown = at.session.mechanism === known;
      return Buffer.concat([i16(isKnown ? 0 : 33), list(known ? [known] : [], text)]);
    }
    case "SaslAuthenticate":
      return authenticate(body.subarray(4, 4 + body.readInt32BE(0)), at);
    case "Metadata":
      return metadataBody(body, at);
    case "DescribeConfigs":
      return configsBody(body, at.options);
    default:
      return undefined;
  }
}

function versionsBody({ versions = {} }: KafkaStubOptions): Buffer {
  const ranges: Record<number, [number, number]> = {
    ...{ 3: [5, 5], 17: [1, 1], 18: [0, 0], 32: [1, 1], 36: [0, 0] },
    ...versions,
  };
  const entry = ([key, [min, max]]: [string, [number, number]]) =>
    Buffer.concat([i16(Number(key)), i16(min), i16(max)]);
  return Buffer.concat([i16(0), list(Object.entries(ranges), entry)]);
}

function metadataBody(body: Buffer, { options, port }: At): Buffer {
  const asked = body.readInt32BE(0) < 0 ? null : readStrings(body);
  const brokers = options.brokers ?? [{ id: 1, host: "127.0.0.1", port }];
  const known = (options.topics ?? []).filter(({ name }) => asked === null || asked.includes(name));
  const absent = (asked ?? []).filter((name) => !known.some((topic) => topic.name === name));
  const topics: StubTopic[] = [...known, ...absent.map((name) => ({ name, error: 3 }))];
  return Buffer.concat([
    i32(0),
    list(brokers, (one) => Buffer.concat([i32(one.id), text(one.host), i32(one.port), text(one.rack)])),
    text(options.clusterId ?? "stub"),
    i32(options.controllerId ?? 1),
    list(topics, (topic) =>
      Buffer.concat([
        i16(topic.error ?? 0),
        text(topic.name),
        i8(topic.internal ? 1 : 0),
        list([...(topic.partitions ?? []).entries()], ([index, one]) =>
          Buffer.concat([
            i16(one.error ?? 0),
            i32(index),
            i32(one.leader),
            list(one.replicas, i32),
            list(one.inSync, i32),
            list(one.offline ?? [], i32),
          ]),
        ),
      ]),
    ),
  ]);
}

function readStrings(body: Buffer, from = 0): string[] {
  const found: string[] = [];
  let at = from + 4;
  for (let left = body.readInt32BE(from); left > 0; left--) {
    const length = body.readInt16BE(at);
    found.push(body.subarray(at + 2, at + 2 + length).toString());
    at += 2 + length;
  }
  return found;
}

function configsBody(body: Buffer, options: KafkaStubOptions): Buffer {
  const resources: { type: number; name: string; wanted: string[] }[] = [];
  let at = 4;
  for (let left = body.readInt32BE(0); left > 0; left--) {
    const type = body.readInt8(at);
    const length = body.readInt16BE(at + 1);
    const name = body.subarray(at + 3, at + 3 + length).toString();
    at += 3 + length;
    const wanted = readStrings(body, at);
    at += 4 + wanted.reduce((sum, each) => sum + 2 + Buffer.byteLength(each), 0);
    resources.push({ type, name, wanted });
  }
  const encode = ({ type, name, wanted }: (typeof resources)[number]) => {
    const topic = options.topics?.find((one) => one.name === name);
    const [error, message] = (type === 2 ? topic?.configError : options.brokerError) ?? [0, null];
    const config = { ...(type === 2 ? topic?.config : options.brokerConfig) };
    const told = Object.entries(error === 0 ? config : {}).filter(([key]) => wanted.includes(key));
    // A secret is told without its value.
    const entry = ([key, value]: [string, string]) =>
      Buffer.concat([
        text(key),
        text(value === "SENSITIVE" ? null : value),
        i8(0),
        i8(5),
        i8(value === "SENSITIVE" ? 1 : 0),
        i32(0),
      ]);
    return Buffer.concat([i16(error), text(message), i8(type), text(name), list(told, entry)]);
  };
  return Buffer.concat([i32(0), list(resources, encode)]);
}

function authenticate(bytes: Buffer, { session, options }: At): Buffer | undefined {
  const { sasl } = options;
  if (!sasl) return undefined;
  const refused = Buffer.concat([i16(58), text(`Authentication failed for ${bytes.toString()}`), i32(0)]);
  const accepted = (answer: Buffer) => Buffer.concat([i16(0), text(null), blob(answer)]);
  if (sasl.mechanism === "PLAIN") {
    const [, username, password] = bytes.toString().split("\0");
    session.signedIn = username === sasl.username && password === sasl.password;
    return session.signedIn ? accepted(Buffer.alloc(0)) : refused;
  }
  if (!session.scram) {
    session.scram = scramServer(sasl, options.iterations ?? 4_096, bytes.toString());
    return accepted(Buffer.from(session.scram.first));
  }
  const final = session.scram.final(bytes.toString());
  session.signedIn = final !== undefined;
  return final === undefined ? refused : accepted(Buffer.from(final));
}

function scramServer(
  { mechanism, password }: { mechanism: string; password: string },
  iterations: number,
  clientFirst: string,
) {
  const algorithm = mechanism === "SCRAM-SHA-256" ? "sha256" : "sha512";
  const length = algorithm === "sha256" ? 32 : 64;
  const bare = clientFirst.slice(3);
  const salt = randomBytes(12);
  const first = `r=${/,r=([^,]*)/.exec(bare)?.[1]}${randomBytes(9).toString("hex")},s=${salt.toString("base64")},i=${iterations}`;
  const mac = (key: Buffer, data: string) => createHmac(algorithm, key).update(data).digest();
  return {
    first,
    final(clientFinal: string): string | undefined {
      const [withoutProof = "", proof = ""] = clientFinal.split(",p=");
      const salted = pbkdf2Sync(password, salt, Math.min(iterations, 10_000), length, algorithm);
      const clientKey = mac(salted, "Client Key");
      const all = `${bare},${first},${withoutProof}`;
      const signature = mac(createHash(algorithm).update(clientKey).digest(), all);
      const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      if (!expected.equals(Buffer.from(proof, "base64"))) return undefined;
      return `v=${mac(mac(salted, "Server Key"), all).toString("base64")}`;
    },
  };
}
