import { afterEach, describe, expect, test } from "vitest";
import { createCertificateAuthority } from "#testing/certificates.ts";
import { type KafkaStubOptions, startKafkaStub } from "#testing/kafka-stub.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { createDialler } from "../dialler.ts";
import type { KafkaAccess } from "./access.ts";
import { createKafkaConnector, type KafkaConnectorOptions } from "./client.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const password = "canary-kafka-9d2e";
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(
  stub: KafkaStubOptions,
  own: Partial<KafkaAccess> = {},
  rest: Partial<KafkaConnectorOptions> = {},
) {
  const started = await startKafkaStub(stub);
  closers.push(started.stop);
  const access: KafkaAccess = { bootstrap: [{ host: "127.0.0.1", port: started.port }], ...own };
  const connector = createKafkaConnector({ dialler, own: access, ...rest });
  const read = (context = countingContext(), topics?: readonly string[]) =>
    connector.read({ type: "kafka.cluster", topics }, context);
  return { stub: started, read };
}

const orders = {
  name: "orders",
  config: { "min.insync.replicas": "2", "cleanup.policy": "delete", "ssl.key": "SENSITIVE" },
  partitions: [
    { leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] },
    { leader: -1, replicas: [2, 3], inSync: [], offline: [2, 3], error: 5 },
  ],
};

describe("the stub of a cluster", () => {
  test("tells brokers, topics, partitions and the configuration of both", async () => {
    const { read, stub } = await start({
      ...{ clusterId: "abc", controllerId: 1, topics: [orders, { name: "__offsets", internal: true }] },
      brokerConfig: { "default.replication.factor": "3", "unclean.leader.election.enable": "false" },
    });
    const context = countingContext();
    const { value, read: count, missing } = await read(context);
    expect(value).toEqual({
      clusterId: "abc",
      controllerId: 1,
      brokers: [
        {
          ...{ id: 1, host: "127.0.0.1", port: stub.port, rack: null },
          config: { "default.replication.factor": "3", "unclean.leader.election.enable": "false" },
        },
      ],
      topics: [
        {
          ...{ name: "orders", internal: false },
          config: { "min.insync.replicas": "2", "cleanup.policy": "delete" },
          partitions: [
            { id: 0, leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3], offline: [], error: null },
            {
              id: 1,
              leader: null,
              replicas: [2, 3],
              inSync: [],
              offline: [2, 3],
              error: "LEADER_NOT_AVAILABLE",
            },
          ],
        },
        { name: "__offsets", internal: true, config: {}, partitions: [] },
      ],
    });
    expect({ count, missing }).toEqual({ count: 2, missing: [] });
    expect(stub.requests).toEqual([
      "ApiVersions",
      "Metadata",
      "DescribeConfigs",
      "ApiVersions",
      "DescribeConfigs",
    ]);
    expect(context.counts.calls).toBe(5);
  });

  test("is asked for some topics only; one that is not there is missing", async () => {
    const { read } = await start({ topics: [orders, { name: "other" }] });
    const { value, missing } = await read(countingContext(), ["orders", "absent"]);
    expect(value.topics.map(({ name }) => name)).toEqual(["orders"]);
    expect(missing).toMatchObject([{ code: "not-found", what: "read topic absent" }]);
  });

  test("what it refuses to tell is missing, and the rest is told", async () => {
    const { read } = await start({
      topics: [
        orders,
        { name: "closed", configError: [29, "Topic authorization failed."] },
        { name: "hidden", error: 29 },
      ],
      brokerError: [31, "Cluster authorization failed."],
    });
    const { value, missing = [] } = await read();
    expect(value.topics.map(({ name }) => name)).toEqual(["orders", "closed"]);
    expect(missing.map(({ code, what }) => [code, what])).toEqual([
      ["forbidden", "read the configuration of topic closed"],
      ["forbidden", "broker 1: read the configuration of broker 1"],
      ["forbidden", "read topic hidden"],
    ]);
  });

  test("more topics than the limit are said to be missing", async () => {
    const topics = Array.from({ length: 450 }, (_, index) => ({ name: `topic-${index}` }));
    const { read } = await start({ topics }, {}, { maxTopics: 420 });
    const { value, missing = [] } = await read();
    expect(value.topics).toHaveLength(420);
    expect(missing).toMatchObject([{ code: "truncated" }]);
  });
});

describe("addresses", () => {
  test.each([
    ["169.254.169.254", "refused-address"],
    ["10.0.0.5", "refused-address"],
    ["0x7f000001", "refused-address"],
  ])("a broker that is advertised at %s is not connected to", async (host, code) => {
    const { read } = await start({ brokers: [{ id: 7, host, port: 9092 }], topics: [orders] });
    const { value, missing = [] } = await read();
    expect(value.brokers).toMatchObject([{ id: 7, host, config: {} }]);
    expect(missing).toMatchObject([{ code, what: expect.stringContaining("broker 7") }]);
  });

  test("the second bootstrap address is tried where the first does not answer", async () => {
    const stub = await startKafkaStub({ topics: [orders] });
    closers.push(stub.stop);
    const bootstrap = [
      { host: "127.0.0.1", port: 1 },
      { host: "127.0.0.1", port: stub.port },
    ];
    const connector = createKafkaConnector({ dialler, own: { bootstrap } });
    const { value } = await connector.read({ type: "kafka.cluster" }, countingContext());
    expect(value.topics).toHaveLength(1);
  });

  test("a closed address is not dialled", async () => {
    const closed = createDialler({ allowedRanges: [], forbidden: [] });
    const { read } = await start({}, {}, { dialler: closed });
    expect(await readFailureOf(read())).toBe("refused-address/loopback-address");
  });
});

describe("sign-in", () => {
  const certificates = async () => {
    const authority = await createCertificateAuthority();
    const issued = await authority.issue({ names: ["127.0.0.1"] });
    return { caPem: authority.certPem, tls: { certPem: issued.chainPem, keyPem: issued.keyPem } };
  };

  test.each(["SCRAM-SHA-256", "SCRAM-SHA-512"] as const)("%s never sends the password", async (mechanism) => {
    const sasl = { mechanism, username: "read,er=1", password };
    const { read, stub } = await start({ sasl, topics: [orders] }, { sasl });
    expect((await read()).value.topics).toHaveLength(1);
    expect(stub.received().toString("latin1")).not.toContain(password);
  });

  test("PLAIN over TLS with a broker that proved its name", async () => {
    const { caPem, tls } = await certificates();
    const sasl = { mechanism: "PLAIN" as const, username: "reader", password };
    const { read } = await start({ sasl, tls, topics: [orders] }, { sasl, tls: { caPem } });
    expect((await read()).value.topics).toHaveLength(1);
  });

  test("PLAIN without TLS sends nothing at all", async () => {
    const sasl = { mechanism: "PLAIN" as const, username: "reader", password };
    const { read, stub } = await start({ sasl }, { sasl });
    expect(await readFailureOf(read())).toBe("unauthorized/password-in-clear");
    expect(stub.received().toString("latin1")).not.toContain(password);
  });

  test("PLAIN is not sent to a broker of another CA or name", async () => {
    const { tls } = await certificates();
    const other = (await certificates()).caPem;
    const sasl = { mechanism: "PLAIN" as const, username: "reader", password };
    const { read, stub } = await start({ sasl, tls }, { sasl, tls: { caPem: other } });
    expect(await readFailureOf(read())).toBe("unreachable/untrusted-certificate");
    expect(stub.requests).toEqual([]);
  });

  test.each(["PLAIN", "SCRAM-SHA-512"] as const)(
    "a wrong password over %s is quoted nowhere",
    async (mechanism) => {
      const { caPem, tls } = await certificates();
      const wrong = "canary-wrong-kafka";
      const sasl = { mechanism, username: "reader", password };
      const { read } = await start({ sasl, tls }, { sasl: { ...sasl, password: wrong }, tls: { caPem } });
      const failure = await read().catch((error: unknown) => error);
      expect(await readFailureOf(Promise.reject(failure))).toBe("unauthorized/credential-not-accepted");
      expect(JSON.stringify(failure) + (failure as Error).stack).not.toContain(wrong);
    },
  );

  test("a broker that asks for endless work is not served", async () => {
    const sasl = { mechanism: "SCRAM-SHA-256" as const, username: "reader", password };
    for (const iterations of [1, 2_000_000_000]) {
      const { read } = await start({ sasl, iterations }, { sasl });
      expect(await readFailureOf(read())).toBe("unauthorized/server-not-proven");
    }
  });

  test("another mechanism than the broker's is named", async () => {
    const sasl = { mechanism: "SCRAM-SHA-256" as const, username: "reader", password };
    const { read } = await start({ sasl: { ...sasl, mechanism: "SCRAM-SHA-512" } }, { sasl });
    const failure = await read().catch((error: unknown) => error);
    expect(String(failure)).toContain("sign-in-method: the broker offers SCRAM-SHA-512");
  });
});

describe("answers that are none", () => {
  const frame = (body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const huge = Buffer.from("7fffffff", "hex");
  test.each([
    [
      "text of another protocol",
      () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
      "malformed/not-kafka",
    ],
    ["a length beyond the limit", () => Buffer.from("04000000", "hex"), "truncated/answer-too-large"],
    [
      "an array longer than the answer",
      (id: Buffer) => frame(Buffer.concat([id, Buffer.alloc(2), huge])),
      "malformed/not-kafka",
    ],
    ["half an answer", (id: Buffer) => frame(Buffer.concat([id, Buffer.alloc(1)])), "malformed/not-kafka"],
    ["the answer to another request", () => frame(Buffer.alloc(10, 9)), "malformed/not-kafka"],
    [
      "more than was asked for",
      (id: Buffer) => Buffer.concat([frame(id), Buffer.alloc(9)]),
      "malformed/not-kafka",
    ],
  ])("%s", async (_name, answer, failure) => {
    const { read } = await start({ intercept: (_request, id) => answer(id) });
    expect(await readFailureOf(read())).toBe(failure);
  });

  test("versions that are not spoken here are named", async () => {
    const { read } = await start({ versions: { 3: [9, 13] } });
    expect(await readFailureOf(read())).toBe("not-served/version-not-spoken");
  });

  test("silence ends in time, and at once with the run", async () => {
    const silent = { intercept: () => Buffer.alloc(0) };
    const slow = await start(silent, {}, { readTimeoutMs: 300 });
    expect(await readFailureOf(slow.read())).toBe("timed-out/request-timeout");
    const controller = new AbortController();
    const { read } = await start({
      intercept: () => {
        controller.abort(new Error("the run was stopped"));
        return Buffer.alloc(0);
      },
    });
    await expect(read(countingContext(controller.signal))).rejects.toThrow("the run was stopped");
  });
});
