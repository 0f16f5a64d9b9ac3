import type { AcrossCheck } from "#common/contracts/across.ts";
import type { FindingView } from "#common/contracts/run.ts";
import { subjectSchema } from "#common/result.ts";
import { textSchema } from "#common/text-schema.ts";
import { compareVerdicts, type Verdict } from "#common/verdict.ts";
import type { Result } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { acrossKey } from "./across-key.ts";
import { toFindingView } from "./views.ts";

const mostShown = 100;
const mostNamed = 10;

/** The worst finding of those that are one and the same to the other side. */
type Said = {
  ordinal: number;
  verdict: Verdict;
  observed: string | null;
  message: string;
  name: string;
  byOwner: boolean;
  local: boolean;
};
type Side = { result: Result; said: Map<string, Said> };
type Compared = Pick<AcrossCheck, "counts" | "onlyA" | "onlyB" | "differing" | "byOwner" | "unmatched">;

/** What only one of the two says, what both say otherwise, and what both say. All-is-well is no difference. */
export async function acrossFindings(ctx: TeamContext, results: { a: Result; b: Result }): Promise<Compared> {
  const [a, b] = await Promise.all([readSide(ctx, results.a), readSide(ctx, results.b)]);
  const onlyA = alone(a, b);
  const onlyB = alone(b, a);
  const both = [...a.said].flatMap(([key, said]) => {
    const other = b.said.get(key);
    return other ? [{ a: said, b: other }] : [];
  });
  const differing = both.filter((pair) => differs(pair));
  const shown = differing.sort((one, other) => compareVerdicts(worse(other), worse(one))).slice(0, mostShown);
  const [viewsOfA, viewsOfB] = await Promise.all([
    load(ctx, results.a, [...onlyA.matched, ...shown.map((pair) => pair.a)]),
    load(ctx, results.b, [...onlyB.matched, ...shown.map((pair) => pair.b)]),
  ]);
  const unmatched = [...onlyA.local, ...onlyB.local];
  return {
    counts: {
      onlyA: onlyA.count,
      onlyB: onlyB.count,
      differing: differing.length,
      same: both.length - differing.length,
    },
    onlyA: viewsIn(viewsOfA, onlyA.matched),
    onlyB: viewsIn(viewsOfB, onlyB.matched),
    differing: shown.flatMap((pair) => {
      const [one, other] = [viewsOfA.get(pair.a.ordinal), viewsOfB.get(pair.b.ordinal)];
      return one && other ? [{ a: one, b: other }] : [];
    }),
    byOwner: both.filter((pair) => pair.a.byOwner || pair.b.byOwner).length,
    unmatched: {
      a: onlyA.local.length,
      b: onlyB.local.length,
      sample: [...new Set(unmatched.map(({ name }) => name))].slice(0, mostNamed),
    },
  };
}

async function readSide(ctx: TeamContext, result: Result): Promise<Side> {
  const rows = await ctx.db.finding.findMany({
    where: { runId: result.runId, resultId: result.id, verdict: { not: "pass" } },
    select: { ordinal: true, verdict: true, observed: true, code: true, subject: true, message: true },
    orderBy: { ordinal: "asc" },
  });
  const said = new Map<string, Said>();
  for (const { subject: stored, code, message, ...row } of rows) {
    const subject = subjectSchema.parse(stored);
    const { key, byOwner, local } = acrossKey({ subject, code, targetName: result.targetName });
    const before = said.get(key);
    if (before && compareVerdicts(before.verdict, row.verdict) >= 0) continue;
    said.set(key, { ...row, message: textSchema.parse(message).en, name: subject.name, byOwner, local });
  }
  return { result, said };
}

function alone(one: Side, other: Side) {
  const only = [...one.said].flatMap(([key, said]) => (other.said.has(key) ? [] : [said]));
  const matched = only.filter(({ local }) => !local);
  const worstFirst = matched.sort((a, b) => compareVerdicts(b.verdict, a.verdict));
  return {
    count: matched.length,
    matched: worstFirst.slice(0, mostShown),
    local: only.filter(({ local }) => local),
  };
}

/** Two pods of one owner have names, and so sentences, of their own: of those only the verdict tells. */
function differs({ a, b }: { a: Said; b: Said }): boolean {
  if (a.verdict !== b.verdict) return true;
  if (a.name !== b.name) return false;
  return a.observed !== b.observed || a.message !== b.message;
}

function worse({ a, b }: { a: Said; b: Said }): Verdict {
  return compareVerdicts(a.verdict, b.verdict) > 0 ? a.verdict : b.verdict;
}

async function load(ctx: TeamContext, result: Result, said: Said[]): Promise<Map<number, FindingView>> {
  const rows = await ctx.db.finding.findMany({
    where: { runId: result.runId, resultId: result.id, ordinal: { in: said.map(({ ordinal }) => ordinal) } },
  });
  return new Map(rows.map((row) => [row.ordinal, toFindingView(row, result.checkId)]));
}

function viewsIn(views: Map<number, FindingView>, said: Said[]): FindingView[] {
  return said.flatMap(({ ordinal }) => views.get(ordinal) ?? []);
}
