import { expect, test } from "vitest";
import { worstVerdict } from "#common/verdict.ts";
import { faults } from "#sandbox/faults/all.gen.ts";
import type { ExpectedFinding } from "#sandbox/faults/fault.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { expectedFindings } from "#sandbox/truth.ts";
import { quickParams, runOnPractice } from "#testing/kubernetes-run.ts";
import { checks } from "../registry.gen.ts";

/** never to be passed by whoever lacks a right, with or without faults */
const hiddenFromViewer = new Set(expectedFindings({ faults: [] }).map(({ checkId }) => checkId));

/** Each check asked as the one who can see what is planted for it: its verdict by id. */
async function verdictsOf(practice: PracticeCluster, expected: readonly ExpectedFinding[]) {
  const byCheck = Map.groupBy(expected, ({ checkId }) => checkId);
  const forAdmin = (id: string) =>
    hiddenFromViewer.has(id) || (byCheck.get(id)?.some(({ only }) => only === "admin") ?? false);
  const asked = checks.filter(({ id }) => byCheck.has(id));
  const verdicts = new Map<string, string>();
  for (const user of ["viewer", "admin"] as const) {
    const own = asked.filter(({ id }) => forAdmin(id) === (user === "admin"));
    const outcomes = await runOnPractice(practice, own, { params: quickParams, user });
    for (const [id, { verdict }] of outcomes) verdicts.set(id, verdict);
  }
  return verdicts;
}

test.each(faults.map(({ id }) => id))("%s alone: mending it changes every verdict it spoilt", async (id) => {
  const practice = await startPracticeCluster({ nodes: 4, pods: 60, faults: [id] });
  try {
    const expected = practice.truth.faults.flatMap((fault) => fault.expected);
    const spoilt = new Map(
      [...Map.groupBy(expected, ({ checkId }) => checkId)].map(([checkId, findings]) => [
        checkId,
        worstVerdict(findings.map(({ verdict }) => verdict)),
      ]),
    );
    expect(await verdictsOf(practice, expected)).toEqual(spoilt);
    practice.mend(id);
    const sound = new Map([...spoilt.keys()].map((checkId) => [checkId, "pass"]));
    expect(await verdictsOf(practice, expected)).toEqual(sound);
  } finally {
    await practice.close();
  }
});
