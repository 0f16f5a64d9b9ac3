import type { Inbox, InboxEntry } from "#common/contracts/inbox.ts";
import { subjectSchema } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { TeamContext } from "../context.ts";
import { readMark } from "./mark.ts";

const lookBackDays = 14;
const mostEntries = 100;
const excerptLength = 200;

/** What changed for the actor in the last two weeks, newest first, and how much of it since he last looked. */
export async function readInbox({ ctx }: { ctx: TeamContext }): Promise<Inbox> {
  const me = ctx.actor.type === "user" ? ctx.actor.userId : "";
  const since = new Date(ctx.now().getTime() - lookBackDays * 24 * 60 * 60 * 1_000);
  const seenAt = await readMark(ctx);
  const found = [...(await findingNews(ctx, { me, since })), ...(await commentNews(ctx, { me, since }))];
  const entries = found
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, mostEntries)
    .map((entry): InboxEntry => ({ ...entry, fresh: seenAt === null || entry.at > seenAt }));
  return { entries, fresh: entries.filter(({ fresh }) => fresh).length };
}

type Looking = { me: string; since: Date };
type News<Type> = Omit<Extract<InboxEntry, { type: Type }>, "fresh">;
type FindingRow = Omit<News<"findings">, "type" | "subject"> & { subject: unknown };

/** Not what is muted, and not what I did myself. Those of one result that changed alike are one. */
async function findingNews(ctx: TeamContext, { me, since }: Looking): Promise<News<"findings">[]> {
  const rows = await ctx.db.$queryRaw<FindingRow[]>`
    WITH news AS (
      SELECT e.kind, e."resultId", e."runId", e."actorId", min(e.actor) AS by, max(e.at) AS at, count(*)::int AS count,
        max(e.verdict) FILTER (WHERE e.verdict = 'fail') AS failed, max(e.verdict) AS verdict,
        (array_agg(e."findingId" ORDER BY e.id DESC))[1] AS "findingId"
      FROM finding_event e JOIN cluster c ON c.id = e."clusterId"
      WHERE e."teamId" = ${ctx.team.id}::uuid AND e.at >= ${since} AND NOT e.muted AND c."removedAt" IS NULL
        AND e.kind IN ('opened', 'reopened', 'resolved', 'worsened') AND e."actorId" IS DISTINCT FROM ${me}
      GROUP BY e.kind, e."runId", e."resultId", e."actorId", CASE WHEN e."resultId" IS NULL THEN e.id END
      ORDER BY max(e.at) DESC LIMIT ${mostEntries}
    )
    SELECT news.kind, news.count, news.at, news.by, news."runId", news."findingId",
      coalesce(news.failed, news.verdict) AS verdict, s."checkId", s.subject, c.name AS cluster
    FROM news JOIN finding_state s ON s.id = news."findingId" JOIN cluster c ON c.id = s."clusterId"`;
  return rows.map((row) => ({
    ...row,
    type: "findings",
    verdict: row.verdict as Verdict,
    subject: subjectSchema.parse(row.subject),
  }));
}

type CommentRow = {
  at: Date;
  author: string;
  text: string;
  mentioned: boolean;
  findingId: string | null;
  runId: string | null;
};

/** Where I am named, and below what is mine: a run I asked for, a finding I took or muted, and where I wrote. */
async function commentNews(ctx: TeamContext, { me, since }: Looking): Promise<News<"comment">[]> {
  const rows = await ctx.db.$queryRaw<CommentRow[]>`
    SELECT m."createdAt" AS at, m.author, left(m.text, ${excerptLength}::int) AS text, m."findingId", m."runId",
      ${me} = ANY(m.mentions) AS mentioned
    FROM comment m LEFT JOIN finding_state s ON s.id = m."findingId"
    WHERE m."teamId" = ${ctx.team.id}::uuid AND m."createdAt" >= ${since} AND m."authorId" IS DISTINCT FROM ${me}
      AND (${me} = ANY(m.mentions) OR s."ackById" = ${me} OR s."muteById" = ${me}
        OR EXISTS (SELECT FROM run WHERE run.id = m."runId" AND run."requestedById" = ${me})
        OR EXISTS (SELECT FROM comment own WHERE own."authorId" = ${me} AND own."teamId" = m."teamId"
          AND (own."findingId" = m."findingId" OR own."runId" = m."runId")))
    ORDER BY m."createdAt" DESC LIMIT ${mostEntries}`;
  return rows.map(({ text, ...row }) => ({ ...row, type: "comment", excerpt: text }));
}
