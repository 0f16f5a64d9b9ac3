import type { EarlierLife } from "#common/contracts/finding.ts";
import { subjectSchema } from "#common/result.ts";
import type { TeamContext } from "../context.ts";
import { findLife } from "./find-life.ts";

const mostLives = 3;
const hourMs = 60 * 60 * 1_000;

type Ended = {
  findingId: string;
  endedAt: Date;
  actor: string | null;
  openedAt: Date;
  subject: unknown;
  slug: string;
  name: string;
  removed: boolean;
  clusterId: string;
};

/**
 * The last times that the same check found the same and it was resolved, here or on another cluster: who said what
 * meanwhile, and which checks were run there in the hour after it had appeared.
 */
export async function earlierLives({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { id: string };
}): Promise<EarlierLife[]> {
  const { id, checkId, code } = await findLife(ctx, input.id);
  const ended = await ctx.db.$queryRaw<Ended[]>`
    SELECT e."findingId", e.at AS "endedAt", e.actor, began.at AS "openedAt", s.subject, s."clusterId",
      c.slug, c.name, c."removedAt" IS NOT NULL AS removed
    FROM finding_state s
    JOIN cluster c ON c.id = s."clusterId"
    JOIN LATERAL (SELECT * FROM finding_event WHERE "findingId" = s.id AND kind = 'resolved'
      ORDER BY id DESC LIMIT 1) e ON true
    JOIN LATERAL (SELECT at FROM finding_event WHERE "findingId" = s.id AND kind IN ('opened', 'reopened')
      AND id < e.id ORDER BY id DESC LIMIT 1) began ON true
    WHERE s."teamId" = ${ctx.team.id}::uuid AND s."checkId" = ${checkId} AND s.code = ${code}
    ORDER BY (s.id = ${id}::uuid) DESC, e.id DESC LIMIT ${mostLives}`;
  return Promise.all(ended.map((each) => toEarlier(ctx, each)));
}

async function toEarlier(ctx: TeamContext, ended: Ended): Promise<EarlierLife> {
  const { findingId, openedAt, endedAt } = ended;
  const said = await ctx.db.findingEvent.findMany({
    where: {
      ...{ teamId: ctx.team.id, findingId, at: { gte: openedAt, lte: endedAt } },
      kind: { in: ["acknowledged", "muted", "commented", "resolved"] },
    },
    orderBy: { id: "asc" },
    take: 20,
    include: { comment: { select: { text: true } } },
  });
  return {
    ...{ id: findingId, openedAt, resolvedAt: endedAt, resolvedBy: ended.actor },
    cluster: { slug: ended.slug, name: ended.name, removed: ended.removed },
    subject: subjectSchema.parse(ended.subject),
    notes: said.flatMap(({ actor, at, note, comment }) => {
      const text = comment?.text ?? note;
      return actor && text ? [{ by: actor, at, text }] : [];
    }),
    checks: await checksRunAfter(ctx, ended),
  };
}

async function checksRunAfter(ctx: TeamContext, { openedAt, clusterId }: Ended) {
  const until = new Date(openedAt.getTime() + hourMs);
  return ctx.db.$queryRaw<EarlierLife["checks"]>`
    SELECT DISTINCT ON (r."checkId") r."checkId", run."requestedBy" AS by, run.id AS "runId", run."createdAt" AS at
    FROM run JOIN result r ON r."runId" = run.id
    WHERE run."teamId" = ${ctx.team.id}::uuid AND run."judgedFromId" IS NULL AND r."clusterId" = ${clusterId}::uuid
      AND run.id >= weekbook_first_uuid_at(${openedAt}) AND run.id < weekbook_first_uuid_at(${until})
    ORDER BY r."checkId", run.id LIMIT 20`;
}
