import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kafka } from "../needs/endpoint.ts";
import type { KafkaCluster } from "../needs/endpoint-requests.ts";
import { param } from "../needs/param.ts";

type Topic = KafkaCluster["topics"][number];
type Limits = { minReplication: number; minInSync: number };

const shown = 200;
const topicConfigs = ["min.insync.replicas", "unclean.leader.election.enable"];

export const check = defineCheck({
  id: "endpoint/kafka-durability",
  version: 1,
  title: { en: "Where a Kafka cluster can lose messages", "zh-CN": "Kafka 集群在哪里会丢消息" },
  why: {
    en: "A message that was acknowledged is lost when the only broker that has it goes away, or when a replica that lags behind is made the leader. The settings of topics decide whether that can happen.",
    "zh-CN":
      "已经确认的消息仍可能丢失：只有一个副本的 broker 宕机，或者落后的副本被选为 leader。会不会发生，取决于 topic 的设置。",
  },
  remedy: {
    en: "Three replicas, min.insync.replicas of 2, unclean leader election off, and producers with acks=all. Bring brokers back first where partitions are offline or under-replicated.",
    "zh-CN":
      "三个副本，min.insync.replicas 设为 2，关闭 unclean leader election，生产者使用 acks=all。如果有分区离线或副本不足，先恢复 broker。",
  },
  params: z.object({
    minReplication: param(z.number().int().min(1).max(10).default(3), {
      label: { en: "Replicas that a topic should have", "zh-CN": "topic 应有的副本数" },
      unit: "{replicas}",
    }),
    minInSync: param(z.number().int().min(1).max(10).default(2), {
      label: { en: "min.insync.replicas that it should have", "zh-CN": "应设的 min.insync.replicas" },
      unit: "{replicas}",
    }),
    ignoredTopics: param(z.string().trim().max(2_000).default(""), {
      label: { en: "Topics to leave out", "zh-CN": "不检查的 topic" },
      help: {
        en: "Separated by commas; * stands for anything. For topics whose messages may be lost.",
        "zh-CN": "用逗号分隔，* 代表任意字符。用于允许丢消息的 topic。",
      },
      placeholder: "metrics-*, tmp",
    }),
  }),
  needs: {
    cluster: kafka.cluster({}, ({ clusterId, brokers, topics }) => ({
      clusterId,
      brokers: brokers.map(({ id, rack, config }) => ({ id, rack, config })),
      topics: topics.map(({ config, ...topic }) => ({
        ...topic,
        config: Object.fromEntries(topicConfigs.flatMap((name) => pairOf(config, name))),
      })),
    })),
  },
  judge: ({ cluster }, params) => {
    const ignored = params.ignoredTopics.split(",").flatMap((pattern) => pattern.trim() || []);
    const topics = cluster.topics.filter(({ name }) => !ignored.some((pattern) => matches(name, pattern)));
    const subject: Subject = { kind: "endpoint", name: cluster.clusterId ?? "kafka" };
    if (topics.length === 0) return { skip: { what: "topics", detail: "there is none to judge" } };
    const found = topics.flatMap((topic) => judgeTopic(topic, params));
    const problems = [
      ...found.filter(({ verdict }) => verdict === "fail"),
      ...found.filter(({ verdict }) => verdict !== "fail"),
    ];
    const findings = [...judgeBrokers(subject, cluster.brokers, params), ...problems.slice(0, shown)];
    if (problems.length > shown) findings.push(moreThanShown(subject, problems.length));
    if (findings.length === 0) findings.push(allGood(subject, topics.length));
    const partitions = topics.flatMap((topic) => topic.partitions);
    return {
      findings,
      measurements: [
        { name: "brokers", value: cluster.brokers.length, unit: "{brokers}" },
        { name: "topics", value: topics.length, unit: "{topics}" },
        { name: "partitions", value: partitions.length, unit: "{partitions}" },
        { name: "offlinePartitions", value: partitions.filter(isOffline).length, unit: "{partitions}" },
        { name: "underReplicated", value: partitions.filter(isUnder).length, unit: "{partitions}" },
      ],
    };
  },
});

function pairOf(config: Record<string, string>, name: string): [string, string][] {
  return config[name] === undefined ? [] : [[name, config[name]]];
}

function matches(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(name);
}

const isOffline = ({ leader }: Topic["partitions"][number]) => leader === null;
const isUnder = ({ replicas, inSync }: Topic["partitions"][number]) => inSync.length < replicas.length;

function judgeTopic(topic: Topic, limits: Limits): Finding[] {
  const subject: Subject = { kind: "topic", name: topic.name };
  const offline = topic.partitions.filter(isOffline);
  const under = topic.partitions.filter((each) => isUnder(each) && !isOffline(each));
  const least = Math.min(...topic.partitions.map(({ replicas }) => replicas.length));
  const minInSync = numberOf(topic.config["min.insync.replicas"]);
  const unclean = topic.config["unclean.leader.election.enable"];
  return [
    ...(offline.length > 0 ? [offlineFinding(subject, offline)] : []),
    ...(under.length > 0 ? [underFinding(subject, under)] : []),
    ...(least < limits.minReplication ? [replicationFinding(subject, least, limits)] : []),
    ...(unclean === "true" ? [uncleanFinding(subject)] : []),
    ...(minInSync === null || unclean === undefined ? [untold(subject)] : []),
    ...(minInSync !== null ? inSyncFindings(subject, { minInSync, least, limits }) : []),
  ];
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function listOf(partitions: Topic["partitions"]): string {
  const first = partitions.slice(0, 10).map(({ id, replicas, inSync }) => {
    return `${id}: replicas ${replicas.join(",")}, in sync ${inSync.join(",") || "none"}`;
  });
  return [...first, ...(partitions.length > 10 ? [`and ${partitions.length - 10} more`] : [])].join("; ");
}

function describeStep(topic: string) {
  return {
    purpose: "inspect" as const,
    text: { en: "Look at the topic.", "zh-CN": "查看 topic。" },
    command: `kafka-topics.sh --bootstrap-server "$BOOTSTRAP" --describe --topic '${topic}'`,
  };
}

function alterStep(topic: string, config: string) {
  return {
    purpose: "fix" as const,
    text: { en: "Change its configuration.", "zh-CN": "修改它的配置。" },
    command: `kafka-configs.sh --bootstrap-server "$BOOTSTRAP" --alter --entity-type topics --entity-name '${topic}' --add-config ${config}`,
  };
}

function offlineFinding(subject: Subject, partitions: Topic["partitions"]): Finding {
  return {
    ...{ verdict: "fail", code: "partition-offline", subject },
    message: {
      en: `${partitions.length} partitions have no leader: they can be neither written nor read.`,
      "zh-CN": `有 ${partitions.length} 个分区没有 leader，无法读写。`,
    },
    observed: listOf(partitions),
    expected: "a leader for every partition",
    remedy: [describeStep(subject.name)],
  };
}

function underFinding(subject: Subject, partitions: Topic["partitions"]): Finding {
  return {
    ...{ verdict: "fail", code: "under-replicated", subject },
    message: {
      en: `${partitions.length} partitions have replicas that are not in sync: fewer copies than were asked for.`,
      "zh-CN": `有 ${partitions.length} 个分区的副本不同步，实际副本比要求的少。`,
    },
    observed: listOf(partitions),
    expected: "every replica in sync",
    remedy: [describeStep(subject.name)],
  };
}

function replicationFinding(subject: Subject, least: number, { minReplication }: Limits): Finding {
  const isSingle = least <= 1;
  return {
    ...{ verdict: isSingle ? "fail" : "warn", code: "few-replicas", subject },
    message: isSingle
      ? {
          en: "There is a single copy: whatever the one broker has not handed on is lost with it.",
          "zh-CN": "只有一个副本：这个 broker 一旦丢失，上面的消息也随之丢失。",
        }
      : {
          en: `There are ${least} copies: with one broker in maintenance, the next failure loses messages.`,
          "zh-CN": `只有 ${least} 个副本：一个 broker 维护期间再坏一个，就会丢消息。`,
        },
    observed: `replication factor ${least}`,
    expected: `at least ${minReplication}`,
    remedy: [describeStep(subject.name)],
  };
}

function uncleanFinding(subject: Subject): Finding {
  return {
    ...{ verdict: "fail", code: "unclean-election", subject },
    message: {
      en: "A replica that lags behind may become the leader: what it does not have is lost without a word.",
      "zh-CN": "落后的副本可以成为 leader，它缺少的消息会悄无声息地丢失。",
    },
    observed: "unclean.leader.election.enable=true",
    expected: "false",
    remedy: [alterStep(subject.name, "unclean.leader.election.enable=false")],
  };
}

function inSyncFindings(
  subject: Subject,
  { minInSync, least, limits }: { minInSync: number; least: number; limits: Limits },
): Finding[] {
  const found: Finding[] = [];
  if (minInSync < limits.minInSync) {
    found.push({
      ...{ verdict: "warn", code: "low-min-insync", subject },
      message: {
        en: `A write counts as done with ${minInSync} in-sync copies, even for producers with acks=all.`,
        "zh-CN": `即使生产者使用 acks=all，只要有 ${minInSync} 个同步副本，写入就算完成。`,
      },
      observed: `min.insync.replicas=${minInSync}`,
      expected: `at least ${limits.minInSync}`,
      remedy: [alterStep(subject.name, `min.insync.replicas=${limits.minInSync}`)],
    });
  }
  if (minInSync >= least && least > 1) {
    found.push({
      ...{ verdict: "warn", code: "no-spare-replica", subject },
      message: {
        en: "Every copy has to be in sync for a write: one broker less, and producers with acks=all are refused.",
        "zh-CN": "写入要求所有副本都同步：少一个 broker，使用 acks=all 的生产者就无法写入。",
      },
      observed: `min.insync.replicas=${minInSync}, replication factor ${least}`,
      expected: `min.insync.replicas below ${least}`,
      remedy: [describeStep(subject.name)],
    });
  }
  return found;
}

function untold(subject: Subject): Finding {
  return {
    ...{ verdict: "unknown", code: "configuration-untold", subject },
    message: {
      en: "The brokers did not tell min.insync.replicas and unclean leader election of this topic.",
      "zh-CN": "broker 没有给出这个 topic 的 min.insync.replicas 和 unclean leader election 设置。",
    },
    expected: "DescribeConfigs on the topic",
  };
}

function judgeBrokers(
  subject: Subject,
  brokers: readonly { id: number; config: Record<string, string> }[],
  limits: Limits,
): Finding[] {
  const unsafe = brokers.flatMap(({ id, config }) => {
    const replication = numberOf(config["default.replication.factor"]);
    const creates = config["auto.create.topics.enable"] === "true";
    return creates && replication !== null && replication < limits.minReplication
      ? [{ id, replication }]
      : [];
  });
  if (unsafe.length === 0) return [];
  const list = unsafe.map(({ id, replication }) => `broker ${id}: ${replication}`).join("; ");
  return [
    {
      ...{ verdict: "warn", code: "unsafe-defaults", subject },
      message: {
        en: "Topics come into being by themselves when somebody writes to them, and with too few replicas.",
        "zh-CN": "有人写入时会自动创建 topic，而且默认副本数太少。",
      },
      observed: `auto.create.topics.enable=true, default.replication.factor ${list}`,
      expected: `auto.create.topics.enable=false, or a default of at least ${limits.minReplication}`,
    },
  ];
}

function moreThanShown(subject: Subject, count: number): Finding {
  return {
    ...{ verdict: "warn", code: "more-problems", subject },
    message: {
      en: `There are ${count} problems; the first ${shown} are listed.`,
      "zh-CN": `共有 ${count} 个问题，这里列出前 ${shown} 个。`,
    },
  };
}

function allGood(subject: Subject, count: number): Finding {
  return {
    ...{ verdict: "pass", code: "durable", subject },
    message: {
      en: `${count} topics have enough replicas, all in sync. Producers need acks=all for that to count.`,
      "zh-CN": `${count} 个 topic 的副本数量足够且全部同步。生产者还需要使用 acks=all。`,
    },
  };
}
