import { afterEach, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createKafkaConnector } from "#server/connectors/kafka/client.ts";
import { runOnEndpoint } from "#testing/endpoint-run.ts";
import { type KafkaStubOptions, startKafkaStub } from "#testing/kafka-stub.ts";
import { check } from "./kafka-durability.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function ask(options: KafkaStubOptions, params: Record<string, unknown> = {}) {
  const stub = await startKafkaStub({ clusterId: "stub", ...options });
  closers.push(stub.stop);
  const own = { bootstrap: [{ host: "127.0.0.1", port: stub.port }] };
  return runOnEndpoint(check, params, { kafka: createKafkaConnector({ dialler, own }) });
}

const whole = { leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3] };
const safe = { "min.insync.replicas": "2", "unclean.leader.election.enable": "false" };
const codes = (outcome: Awaited<ReturnType<typeof ask>>) =>
  outcome.findings.map(({ verdict, code, subject }) => `${verdict} ${code} ${subject.name}`);

test("the stub of a good cluster passes", async () => {
  const outcome = await ask({ topics: [{ name: "orders", config: safe, partitions: [whole] }] });
  expect([outcome.verdict, ...codes(outcome)]).toEqual(["pass", "pass durable stub"]);
});

test("each way to lose a message is named", async () => {
  const single = { leader: 1, replicas: [1], inSync: [1] };
  const outcome = await ask({
    brokerConfig: { "auto.create.topics.enable": "true", "default.replication.factor": "1" },
    topics: [
      { name: "single", config: { ...safe, "min.insync.replicas": "1" }, partitions: [single] },
      { name: "unclean", config: { ...safe, "unclean.leader.election.enable": "true" }, partitions: [whole] },
      { name: "lagging", config: safe, partitions: [{ ...whole, inSync: [1, 2] }] },
      { name: "dead", config: safe, partitions: [{ ...whole, leader: -1, inSync: [], error: 5 }] },
      { name: "tight", config: { ...safe, "min.insync.replicas": "3" }, partitions: [whole] },
    ],
  });
  expect(codes(outcome).sort()).toEqual([
    "fail few-replicas single",
    "fail partition-offline dead",
    "fail unclean-election unclean",
    "fail under-replicated lagging",
    "warn low-min-insync single",
    "warn no-spare-replica tight",
    "warn unsafe-defaults stub",
  ]);
});

test("topics may be left out, and what is not told is unknown", async () => {
  const topics = [
    { name: "metrics-cpu", partitions: [{ leader: 1, replicas: [1], inSync: [1] }] },
    { name: "orders", partitions: [whole] },
  ];
  const outcome = await ask({ topics }, { ignoredTopics: "metrics-*" });
  expect([outcome.verdict, ...codes(outcome)]).toEqual(["unknown", "unknown configuration-untold orders"]);
});

test("a broker that does not tell keeps the whole from passing", async () => {
  const outcome = await ask({
    topics: [{ name: "orders", config: safe, partitions: [whole] }],
    brokerError: [31, "Cluster authorization failed."],
  });
  expect(outcome.verdict).toBe("unknown");
});
