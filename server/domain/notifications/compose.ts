import type { Channel, Delivery } from "#generated/prisma/client.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { type Fold, type FoldedFinding, foldNotices, type NoticeRow } from "./fold.ts";
import { type Message, messageSchema, mostShown } from "./message.ts";
import { type Naming, namingOf } from "./naming.ts";
import { wordsOf } from "./words.ts";

export type Composing = {
  publicUrl: string;
  /** of a check of this team, in the channel's language */
  titleOf: (checkId: string) => string;
};

type Team = { slug: string; name: string };

/**
 * What a delivery says, as things are now: what was muted or acknowledged since it was put on its way is left out, and
 * so is what came and went back to what it was. Null where nothing is left.
 */
export async function composeMessage(
  tx: DatabaseTransaction,
  { delivery, channel, team }: { delivery: Delivery; channel: Channel; team: Team },
  composing: Composing,
): Promise<Message | null> {
  const locale = channel.locale === "zh-CN" ? "zh-CN" : "en";
  const naming = namingOf(composing.publicUrl, team.slug);
  const base = {
    ...{ id: delivery.id, kind: delivery.kind, locale, team: { slug: team.slug, name: team.name } },
    ...{ channel: { id: channel.id, name: channel.name }, at: new Date().toISOString() },
  } as const;
  if (delivery.kind === "test") {
    const none = { counts: {}, clusters: [], runs: [], findings: [], more: 0, checks: [], schedules: [] };
    return messageSchema.parse({ ...base, ...none, url: naming.settings });
  }
  const fold = foldNotices(await readNotices(tx, delivery));
  if (fold.findings.length + fold.checks.length + fold.schedules.length === 0) return null;
  const shown = fold.findings.slice(0, mostShown);
  return messageSchema.parse({
    ...base,
    counts: fold.counts,
    clusters: fold.clusters.map((each) => ({ ...each, url: naming.cluster(each.slug) })),
    runs: await runsOf(tx, fold, naming),
    findings: await findingsOf(tx, shown, { locale, naming, titleOf: composing.titleOf }),
    more: fold.findings.length - shown.length,
    checks: fold.checks.slice(0, mostShown).map(({ checkId, runId, ...each }) => ({
      ...each,
      check: { id: checkId, title: composing.titleOf(checkId) },
      url: runId ? naming.run(runId) : naming.findings,
    })),
    schedules: fold.schedules.slice(0, mostShown).map(({ id, name, reason, at, runId }) => ({
      ...{ id, name, at, url: runId ? naming.run(runId) : naming.schedule(id) },
      why: wordsOf(locale).notRun[reason](name),
    })),
    url: fold.runIds.length === 1 && fold.runIds[0] ? naming.run(fold.runIds[0]) : naming.findings,
  });
}

function readNotices(tx: DatabaseTransaction, { noticeIds, teamId }: Delivery): Promise<NoticeRow[]> {
  return tx.$queryRaw<NoticeRow[]>`
    SELECT n.kind, n.verdict, n."previousVerdict", n."runId", n."findingId", n."checkId", n."targetName",
      n."scheduleId", n.about, n.at, c.slug, c.name, c.production
    FROM notice n LEFT JOIN cluster c ON c.id = n."clusterId" LEFT JOIN finding_state s ON s.id = n."findingId"
    WHERE n.id = ANY(${noticeIds.map(String)}::text[]::bigint[]) AND n."teamId" = ${teamId}::uuid
      AND (n."clusterId" IS NULL OR c."removedAt" IS NULL)
      AND (n."findingId" IS NULL OR (s.id IS NOT NULL
        AND NOT (s.state = 'muted' AND s."mutedUntil" > now()) AND s.state <> 'acknowledged'))
    ORDER BY n.id`;
}

async function runsOf(tx: DatabaseTransaction, { runIds }: Fold, naming: Naming) {
  const some = runIds.slice(0, mostShown);
  const runs = await tx.run.findMany({
    where: { id: { in: some } },
    select: { id: true, scheduleId: true },
  });
  const schedules = await tx.schedule.findMany({
    where: { id: { in: runs.flatMap(({ scheduleId }) => scheduleId ?? []) } },
    select: { id: true, name: true },
  });
  return some.map((id) => {
    const scheduleId = runs.find((run) => run.id === id)?.scheduleId;
    return {
      id,
      url: naming.run(id),
      schedule: schedules.find((each) => each.id === scheduleId)?.name ?? null,
    };
  });
}

async function findingsOf(
  tx: DatabaseTransaction,
  shown: readonly FoldedFinding[],
  { locale, naming, titleOf }: { locale: "en" | "zh-CN"; naming: Naming; titleOf: (id: string) => string },
) {
  const rows = await tx.findingState.findMany({
    where: { id: { in: shown.map(({ id }) => id) } },
    select: { id: true, subject: true, message: true },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return shown.flatMap(({ checkId, ...finding }) => {
    const row = byId.get(finding.id);
    if (!row) return [];
    const message = String(Object(row.message)[locale] ?? "")
      .slice(0, 500)
      .toWellFormed();
    const check = { id: checkId, title: titleOf(checkId) };
    return [{ ...finding, check, subject: row.subject, message, url: naming.finding(finding.id) }];
  });
}
