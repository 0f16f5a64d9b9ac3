import type { Reason } from "#common/result.ts";
import type { KafkaCluster } from "../../checks/needs/endpoint-requests.ts";
import { readError } from "../read-error.ts";
import type { MetadataResponse } from "./messages.ts";

const errors: Record<number, string> = {
  3: "UNKNOWN_TOPIC_OR_PARTITION",
  5: "LEADER_NOT_AVAILABLE",
  9: "REPLICA_NOT_AVAILABLE",
  17: "INVALID_TOPIC_EXCEPTION",
  29: "TOPIC_AUTHORIZATION_FAILED",
};

/** The topics that could be read; the others are `missing`. */
export function toTopics(
  topics: MetadataResponse["topics"],
  configs: ReadonlyMap<string, Record<string, string>>,
  missing: Reason[],
): KafkaCluster["topics"] {
  return topics.flatMap((topic) => {
    // Without a leader a topic is still described, partition by partition.
    if (topic.error !== 0 && topic.error !== 5) {
      const code = topic.error === 29 ? "forbidden" : topic.error === 3 ? "not-found" : "server-error";
      const name = nameOf(topic.error) ?? "";
      missing.push(readError(code, `read topic ${topic.name}`, "topic-refused", name).reason);
      return [];
    }
    return [
      {
        name: topic.name,
        internal: topic.internal,
        config: configs.get(topic.name) ?? {},
        partitions: topic.partitions.map(({ error, leader, ...partition }) => ({
          ...partition,
          leader: leader < 0 ? null : leader,
          error: nameOf(error),
        })),
      },
    ];
  });
}

function nameOf(error: number): string | null {
  return error === 0 ? null : (errors[error] ?? `error ${error}`);
}
