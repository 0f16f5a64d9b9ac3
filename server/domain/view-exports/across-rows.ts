import type { AcrossCheck, AcrossInput } from "#common/contracts/across.ts";
import type { TeamContext } from "../context.ts";
import { compareAcross } from "../runs/across.ts";
import { readHostMatrix } from "../runs/host-matrix.ts";
import { subjectCells, type ViewItem, type ViewRow } from "./rows.ts";

type Finding = AcrossCheck["onlyA"][number];
type Sides = { a: { run: string; cluster: string }; b: { run: string; cluster: string } };

/** Two clusters or two hosts side by side as the page shows them: check by check, of each difference the 100 worst. */
export async function* acrossRows(ctx: TeamContext, input: AcrossInput): AsyncGenerator<ViewItem> {
  const { a, b, checks, left } = await compareAcross({ ctx, input });
  const side = ({ run, cluster }: typeof a) => ({ run: run.id, cluster: cluster.slug });
  const sides = { a: side(a), b: side(b) };
  for (const [index, check] of checks.entries()) {
    const more = left > 0 && index === checks.length - 1;
    yield { item: { sides, ...check }, rows: rowsOf(check, sides), more };
  }
}

/** A line says what there is of it even where the findings themselves are more than are listed. */
function rowsOf(check: AcrossCheck, { a, b }: Sides): ViewRow[] {
  const shared = {
    ...{ a_run: a.run, a_cluster: a.cluster, a_target: check.a?.name, a_verdict: check.a?.verdict },
    ...{ b_run: b.run, b_cluster: b.cluster, b_target: check.b?.name, b_verdict: check.b?.verdict },
    ...{ check: check.checkId, incomparable: check.incomparable },
    parameters: check.params.map(({ name, a, b }) => `${name}: ${a || "–"} / ${b || "–"}`).join("; "),
  };
  const line = (where: string, count: number | undefined, finding?: Finding, other?: Finding): ViewRow => ({
    ...{ ...shared, where, of_this_kind: count },
    ...{ finding_verdict: finding?.verdict, other_verdict: other?.verdict, code: finding?.code },
    ...(finding ? subjectCells(finding.subject) : { kind: null, namespace: null, name: null, part: null }),
    ...{ message: finding?.message.en, observed: finding?.observed, other_observed: other?.observed },
  });
  const { counts, unmatched } = check;
  const lines = [
    ...check.onlyA.map((finding) => line("only_a", counts.onlyA, finding)),
    ...check.onlyB.map((finding) => line("only_b", counts.onlyB, finding)),
    ...check.differing.map((pair) => line("differing", counts.differing, pair.a, pair.b)),
    ...(counts.same > 0 ? [line("same", counts.same)] : []),
    ...(unmatched.a + unmatched.b > 0
      ? [{ ...line("unmatched", unmatched.a + unmatched.b), message: unmatchedWords(unmatched) }]
      : []),
  ];
  return lines.length > 0
    ? lines
    : [line(check.incomparable === null ? "nothing" : "incomparable", undefined)];
}

/** About nodes and addresses that the other side does not have: how many, and the names of some. */
function unmatchedWords({ a, b, sample }: AcrossCheck["unmatched"]): string {
  return `A ${a}, B ${b}: ${sample.join(", ")}`;
}

/** The hosts that do not say what most say, each with all that it was asked. */
export async function* hostRows(ctx: TeamContext, input: { runId: string }): AsyncGenerator<ViewItem> {
  const { checks, rows, differing } = await readHostMatrix({ ctx, input });
  const most = new Map(checks.map(({ checkId, majority }) => [checkId, majority.verdict]));
  for (const [index, row] of rows.entries()) {
    yield {
      item: row,
      more: differing > rows.length && index === rows.length - 1,
      rows: row.cells.map(({ checkId, verdict, differs }) => ({
        ...{ run: input.runId, cluster: row.cluster, host: row.name, check: checkId, verdict },
        ...{ most_say: most.get(checkId), differs },
      })),
    };
  }
}
