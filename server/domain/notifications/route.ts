import { quietHoursSchema } from "#common/contracts/channel.ts";
import type { Channel, Notice, Prisma } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "#server/db.ts";
import { databaseNow } from "../schedules/notify.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";
import { aboutSchema } from "./fold.ts";
import { quietUntil } from "./quiet-hours.ts";
import { StepFailed } from "./step-failed.ts";
import { type ChannelRule, isUrgent, type NoticeFacts, wants } from "./wants.ts";

const ROUTE_LOCK = 72_707_374;
const transactionOptions = { maxWait: 30_000, timeout: 60_000 };

type Group = { teamId: string; runId: string | null };
type PendingNotice = Pick<
  Notice,
  "id" | "kind" | "clusterId" | "checkId" | "verdict" | "previousVerdict" | "about"
>;

/**
 * Puts all that is new of one run, or all that is new of a team outside runs, on its way to the team's channels: once
 * the run has ended, so that what it changed is one message; after 15 minutes in any case. Deliveries and the mark on
 * the notices commit together, so that each is taken up once, however many workers try and wherever one is killed.
 * Returns whether there was anything; rejects with StepFailed for a team that is then to be left out.
 */
export function routeNext(db: Database, except: readonly string[] = []): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${ROUTE_LOCK}::bigint) AS held`;
    if (!lock?.held) return false;
    const [group] = await tx.$queryRaw<Group[]>`
      SELECT n."teamId", n."runId" FROM notice n LEFT JOIN run r ON r.id = n."runId"
      WHERE n."routedAt" IS NULL AND n."teamId" <> ALL(${[...except]}::uuid[]) AND (r.id IS NULL OR r."endedAt" IS NOT NULL
        OR n.at < clock_timestamp() - interval '15 minutes')
      ORDER BY n.id LIMIT 1`;
    if (!group) return false;
    await routeGroup(tx, group).catch((cause: unknown) => {
      throw new StepFailed(group.teamId, { cause });
    });
    return true;
  }, transactionOptions);
}

async function routeGroup(tx: DatabaseTransaction, { teamId, runId }: Group): Promise<void> {
  const notices = await tx.notice.findMany({
    where: { teamId, runId, routedAt: null },
    orderBy: { id: "asc" },
    select: {
      ...{ id: true, kind: true, clusterId: true, checkId: true },
      ...{ verdict: true, previousVerdict: true, about: true },
    },
  });
  const channels = await tx.channel.findMany({ where: { teamId, enabled: true } });
  const asked = channels.some(({ runbooks, checks }) => runbooks.length + checks.length > 0);
  const checksOf = asked ? await runbookChecks(tx, teamId) : () => [];
  const told = notices.map((notice) => ({ notice, facts: factsOf(notice, checksOf) }));
  const now = await databaseNow(tx);
  const taken = new Set<bigint>();
  for (const channel of channels) {
    const rule = ruleOf(channel, checksOf);
    const wanted = told.filter(({ facts }) => wants(rule, facts));
    if (wanted.length === 0) continue;
    for (const { notice } of wanted) taken.add(notice.id);
    const noticeIds = wanted.map(({ notice }) => notice.id);
    const urgent = wanted.some(({ facts }) => isUrgent(facts));
    await addTo(tx, channel, { noticeIds, urgent, now });
  }
  const ids = (some: readonly bigint[]) => some.map(String);
  await tx.$executeRaw`
    UPDATE notice SET "routedAt" = ${now} WHERE id = ANY(${ids([...taken])}::text[]::bigint[])`;
  const idle = notices.flatMap(({ id }) => (taken.has(id) ? [] : [id]));
  await tx.$executeRaw`DELETE FROM notice WHERE id = ANY(${ids(idle)}::text[]::bigint[])`;
}

/** Into the message that still waits for more, or a new one. In quiet hours into the summary at their end. */
async function addTo(
  tx: DatabaseTransaction,
  channel: Channel,
  { noticeIds, urgent, now }: { noticeIds: bigint[]; urgent: boolean; now: Date },
): Promise<void> {
  const quiet = quietHoursSchema.nullable().parse(channel.quiet);
  const until = quiet && !(quiet.failBreaksThrough && urgent) ? quietUntil(quiet, now) : null;
  const kind = until ? "summary" : "changes";
  const state = until ? "held" : "waiting";
  const place = { channelId: channel.id, kind, state, attempts: 0 } as const;
  const { count } = await tx.delivery.updateMany({
    where: place,
    data: { noticeIds: { push: noticeIds }, ...(urgent ? { urgent } : {}) },
  });
  if (count > 0) return;
  const dueAt = until ?? new Date(now.getTime() + channel.groupWaitSeconds * 1_000);
  const data: Prisma.DeliveryUncheckedCreateInput = {
    ...place,
    teamId: channel.teamId,
    noticeIds,
    urgent,
    dueAt,
  };
  await tx.delivery.create({ data });
}

/** The checks of each runbook the team reads, as they are today. */
async function runbookChecks(tx: DatabaseTransaction, teamId: string): Promise<(slug: string) => string[]> {
  const team = await tx.team.findUniqueOrThrow({ where: { id: teamId } });
  const runbooks = await runbooksOf({ db: tx as Database, team });
  return (slug) => runbooks.get(slug)?.texts.en.meta.checks ?? [];
}

function ruleOf(channel: Channel, checksOf: (slug: string) => string[]): ChannelRule {
  const { clusterIds, runbooks, checks, transitions, minimum } = channel;
  const chosen = runbooks.length + checks.length > 0;
  return {
    ...{ transitions, minimum },
    clusterIds: clusterIds.length > 0 ? new Set(clusterIds) : null,
    checkIds: chosen ? new Set([...checks, ...runbooks.flatMap(checksOf)]) : null,
  };
}

function factsOf(notice: PendingNotice, checksOf: (slug: string) => string[]): NoticeFacts {
  const { kind, verdict, previousVerdict, clusterId, checkId } = notice;
  const about = aboutSchema.nullable().parse(notice.about);
  return {
    ...{ kind, verdict, previousVerdict },
    clusterIds: clusterId ? [clusterId] : (about?.clusterIds ?? []),
    checkIds: checkId
      ? [checkId]
      : [...(about?.checkIds ?? []), ...(about?.runbook ? checksOf(about.runbook) : [])],
  };
}
