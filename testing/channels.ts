import { type ChannelKind, channelDraftSchema } from "#common/contracts/channel.ts";
import type { FindingEventKind, Verdict } from "#generated/prisma/client.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { createOpener } from "#server/crypto/vault.ts";
import { createChannel } from "#server/domain/channels/create.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { databaseEndpoints } from "#server/jobs/database-endpoints.ts";
import type { Outbox } from "#server/jobs/deliver.ts";
import { createLog } from "#server/jobs/log.ts";
import { sendNotices } from "#server/jobs/send-notices.ts";
import type { TestInstance } from "./instance.ts";
import { makeLife } from "./run-rows.ts";

/** Everything a channel can be told, at once. */
const everything = {
  ...{ locale: "en", clusters: null, groupWaitSeconds: 0 },
  transitions: ["opened", "reopened", "worsened", "eased", "resolved", "not_run", "unreadable", "readable"],
};

export function addChannel(
  ctx: TeamContext,
  place: { kind: ChannelKind; address: string },
  changes: object = {},
): Promise<{ channelId: string; signingSecret: string | null }> {
  const draft = channelDraftSchema.parse({ name: `Channel ${place.kind}`, ...everything, ...changes });
  return createChannel({ ctx, input: { ...draft, ...place }, mail: true });
}

/** The part of a worker that sends, in this process; it may reach loopback. `logged` is all it has logged. */
export async function startSending(instance: TestInstance, mail: Outbox["mail"] = null) {
  let logged = "";
  const stream = {
    write: (line: string) => {
      logged += line;
    },
  };
  const sender = sendNotices({
    ...{ url: instance.url, db: instance.db, library: [], mail, publicUrl: "https://weekbook.example.com" },
    log: createLog({ name: "test", level: "trace", secrets: [], stream }),
    opener: await createOpener(instance.workerKeys),
    dialler: createDialler({
      allowedRanges: ["127.0.0.0/8"],
      forbidden: databaseEndpoints(instance.url),
    }),
  });
  return { stop: () => sender.stop(), logged: () => logged };
}

type Place = { instance: TestInstance; teamId: string; clusterId: string };

/** A finding to which this happens now, as recording a result leaves it. */
export async function makeEvent(
  { instance: { db }, teamId, clusterId }: Place,
  fingerprint: string,
  event: {
    kind: FindingEventKind;
    verdict?: Verdict;
    previousVerdict?: Verdict;
    muted?: boolean;
    runId?: string;
  },
) {
  const where = { clusterId_fingerprint: { clusterId, fingerprint } };
  const life =
    (await db.findingState.findUnique({ where })) ?? (await makeLife({ db, teamId, clusterId }, fingerprint));
  const verdict = event.verdict ?? "fail";
  await db.findingEvent.create({
    data: { teamId, clusterId, findingId: life.id, fingerprint, ...event, verdict },
  });
  return life;
}
