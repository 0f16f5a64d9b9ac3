import type { Reason } from "#common/result.ts";
import { readError } from "../read-error.ts";
import type { BrokerConnection } from "./connection.ts";
import { type ConfigResource, describeConfigs } from "./messages.ts";

/** What checks judge by; brokers have hundreds of others. */
export const topicConfigs = [
  "cleanup.policy",
  "flush.messages",
  "flush.ms",
  "max.message.bytes",
  "min.insync.replicas",
  "retention.bytes",
  "retention.ms",
  "unclean.leader.election.enable",
];
export const brokerConfigs = [
  "auto.create.topics.enable",
  "broker.rack",
  "default.replication.factor",
  "min.insync.replicas",
  "offsets.topic.replication.factor",
  "transaction.state.log.min.isr",
  "transaction.state.log.replication.factor",
  "unclean.leader.election.enable",
];

const topicsAtOnce = 200;
const codes: Record<number, [Reason["code"], string]> = {
  29: ["forbidden", "topic-forbidden"],
  31: ["forbidden", "cluster-forbidden"],
  7: ["timed-out", "request-timeout"],
  3: ["not-found", "topic-not-found"],
};

export type Configs = { byName: Map<string, Record<string, string>>; missing: Reason[] };

/** Configurations by the name of their resource. What a broker refuses to tell is `missing`, name by name. */
export async function readConfigs(
  connection: BrokerConnection,
  { type, names, configs }: { type: ConfigResource["type"]; names: readonly string[]; configs: string[] },
  redact: (text: string) => string,
): Promise<Configs> {
  const found: Configs = { byName: new Map(), missing: [] };
  for (let at = 0; at < names.length; at += topicsAtOnce) {
    const asked = names.slice(at, at + topicsAtOnce);
    const answers = await connection.send(
      describeConfigs,
      asked.map((name) => ({ type, name, configs })),
    );
    const byName = new Map(answers.map((answer) => [answer.name, answer]));
    for (const name of asked) {
      const answer = byName.get(name);
      const what = `read the configuration of ${type} ${name}`;
      if (answer?.error === 0) {
        const told = answer.configs.flatMap(({ name: key, value, sensitive }) =>
          value === null || sensitive ? [] : [[key, value] as const],
        );
        found.byName.set(name, Object.fromEntries(told));
        continue;
      }
      const [code, token] = codes[answer?.error ?? 0] ?? ["server-error", "server-error"];
      const own = answer ? (answer.message ?? `error ${answer.error}`) : "the broker did not answer for it";
      found.missing.push(readError(code, what, token, redact(own).slice(0, 300)).reason);
    }
  }
  return found;
}
