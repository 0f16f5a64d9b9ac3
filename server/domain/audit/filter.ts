import type { AuditFilter } from "#common/contracts/audit.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { instanceChain } from "./record.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** Events of the team alone, or, of what belongs to no team, those by and about its members. */
export async function auditWhere(
  ctx: TeamContext,
  filter: AuditFilter,
): Promise<Prisma.AuditEventWhereInput> {
  const scope = filter.scope === "team" ? { teamId: ctx.team.id } : await ofMembers(ctx);
  const { person, action, kind, subject, from, to } = filter;
  return {
    AND: [
      scope,
      {
        ...(person === undefined ? {} : { actorId: person }),
        ...(action === undefined ? {} : { action }),
        ...(kind === undefined ? {} : { subjectKind: kind }),
        ...(subject
          ? {
              OR: [
                { subjectId: subject },
                { subjectName: { contains: literally(subject), mode: "insensitive" } },
              ],
            }
          : {}),
        at: {
          ...(from === undefined ? {} : { gte: new Date(from) }),
          ...(to === undefined ? {} : { lt: new Date(Date.parse(to) + dayMs) }),
        },
      },
    ],
  };
}

async function ofMembers(ctx: TeamContext): Promise<Prisma.AuditEventWhereInput> {
  const where = { teamId: ctx.team.id };
  const members = await ctx.db.membership.findMany({ where, select: { userId: true } });
  const ids = members.map(({ userId }) => userId);
  return { teamId: instanceChain, OR: [{ actorId: { in: ids } }, { subjectId: { in: ids } }] };
}

/** Prisma hands what stands for other characters on to LIKE. */
function literally(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
