/** Where a message can be lost on its way through Kafka, by the settings of its three hands. */

export const ackChoices = ["0", "1", "all"] as const;
export type Acks = (typeof ackChoices)[number];
export const commitChoices = ["auto", "before", "after"] as const;
export type Commit = (typeof commitChoices)[number];
export const resetChoices = ["latest", "earliest"] as const;
export type Reset = (typeof resetChoices)[number];

export type KafkaSettings = {
  replicas: number;
  minInSync: number;
  acks: Acks;
  /** the outcome of each send is looked at, and a failed one is tried again */
  retried: boolean;
  unclean: boolean;
  commit: Commit;
  reset: Reset;
};

export const hands = ["producer", "broker", "consumer"] as const;
export type Hand = (typeof hands)[number];

/** One place on the way: whether a message can be lost there, may only in part, or cannot. `id` names its sentence. */
export type Place = { hand: Hand; id: string; state: "lost" | "risk" | "safe" };

export function placesOf(settings: KafkaSettings): Place[] {
  return [...producerPlaces(settings), ...brokerPlaces(settings), ...consumerPlaces(settings)];
}

function producerPlaces({ acks, retried, minInSync, replicas }: KafkaSettings): Place[] {
  const place = (id: string, state: Place["state"]): Place => ({ hand: "producer", id, state });
  const acknowledged =
    acks === "0"
      ? place("acks0", "lost")
      : acks === "1"
        ? place("acks1", "lost")
        : minInSync < 2 || replicas < 2
          ? place("acksAllOfOne", "risk")
          : place("acksAll", "safe");
  return [acknowledged, retried ? place("retried", "safe") : place("notRetried", "lost")];
}

function brokerPlaces({ replicas, minInSync, unclean }: KafkaSettings): Place[] {
  const place = (id: string, state: Place["state"]): Place => ({ hand: "broker", id, state });
  const copies =
    replicas === 1
      ? place("oneCopy", "lost")
      : replicas === 2
        ? place("twoCopies", "risk")
        : place("copies", "safe");
  const election = unclean ? place("unclean", "lost") : place("clean", "safe");
  if (minInSync > replicas) return [copies, election, place("neverWritten", "risk")];
  return [copies, election, ...(minInSync === replicas && replicas > 1 ? [place("noSpare", "risk")] : [])];
}

function consumerPlaces({ commit, reset }: KafkaSettings): Place[] {
  const place = (id: string, state: Place["state"]): Place => ({ hand: "consumer", id, state });
  const committed =
    commit === "after"
      ? place("commitAfter", "safe")
      : place(`commit-${commit}`, commit === "auto" ? "risk" : "lost");
  return [committed, reset === "latest" ? place("resetLatest", "risk") : place("resetEarliest", "safe")];
}

/**
 * `survives`: brokers that may fail at once, for good, without a message that was acknowledged being lost.
 * `away`: brokers that may be away while such writes are still taken.
 */
export function endurance({ replicas, minInSync, acks, unclean }: KafkaSettings): {
  survives: number;
  away: number;
} {
  const waits = acks === "all" ? minInSync : 1;
  const away = Math.max(0, replicas - waits);
  // A lagging copy may lead as soon as the first broker of those in sync fails.
  const survives = acks === "0" || unclean ? 0 : Math.max(0, Math.min(waits, replicas) - 1);
  return { survives, away };
}

/** What to write where, of the settings that let a message be lost. */
export function kafkaSteps(settings: KafkaSettings): { id: string; code: string }[] {
  const { replicas, minInSync, acks, retried, unclean, commit, reset } = settings;
  const steps: { id: string; code: string }[] = [];
  if (acks !== "all" || !retried)
    steps.push({
      id: "producer",
      code: "acks=all\nenable.idempotence=true\nretries=2147483647\ndelivery.timeout.ms=120000",
    });
  const wanted = Math.max(3, replicas);
  if (replicas < 3) steps.push({ id: "replicas", code: `default.replication.factor=${wanted}` });
  const floor = minInSync < 2 || minInSync >= wanted ? 2 : minInSync;
  if (unclean || floor !== minInSync)
    steps.push({
      id: "topic",
      code: `kafka-configs.sh --bootstrap-server "$BOOTSTRAP" --alter --entity-type topics --entity-name "$TOPIC" \\\n  --add-config min.insync.replicas=${floor},unclean.leader.election.enable=false`,
    });
  if (commit !== "after" || reset === "latest")
    steps.push({ id: "consumer", code: "enable.auto.commit=false\nauto.offset.reset=earliest" });
  return steps;
}

/** The same settings with all of it written. */
export function mended(settings: KafkaSettings): KafkaSettings {
  const replicas = Math.max(3, settings.replicas);
  const minInSync = settings.minInSync < 2 || settings.minInSync >= replicas ? 2 : settings.minInSync;
  return {
    replicas,
    minInSync,
    acks: "all",
    retried: true,
    unclean: false,
    commit: "after",
    reset: "earliest",
  };
}
