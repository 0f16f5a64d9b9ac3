import type { AcrossCheck } from "#common/contracts/across.ts";
import type { Measurement, Result } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";

const mostRead = 2_000;
const mostShown = 100;

type Compared = AcrossCheck["measurements"];

/** The numbers that both sides measured of the same subject, with how one stands to the other. */
export async function acrossMeasurements(
  ctx: TeamContext,
  { a, b }: { a: Result; b: Result },
): Promise<Compared> {
  const [of, other] = await Promise.all([read(ctx, a), read(ctx, b)]);
  const values = new Map(other.map((each) => [keyOf(each, b), each.value]));
  return of
    .flatMap((each) => {
      const value = values.get(keyOf(each, a));
      if (value === undefined) return [];
      const { name, unit } = each;
      const subject = each.subject === a.targetName ? null : each.subject;
      return [{ name, subject, unit, a: each.value, b: value, ratio: ratioOf(each.value, value) }];
    })
    .slice(0, mostShown);
}

function read(ctx: TeamContext, { runId, id: resultId }: Result): Promise<Measurement[]> {
  const where = { runId, resultId };
  return ctx.db.measurement.findMany({ where, orderBy: { ordinal: "asc" }, take: mostRead });
}

/** What a result measured of its own target is the other's of its own. */
function keyOf({ name, unit, subject }: Measurement, { targetName }: Result): string {
  return JSON.stringify([name, unit, subject === targetName ? null : subject]);
}

function ratioOf(a: number, b: number): number | null {
  return a === 0 ? null : b / a;
}
