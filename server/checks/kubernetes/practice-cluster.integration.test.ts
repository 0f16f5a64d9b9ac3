import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faults } from "#sandbox/faults/all.gen.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { foundIn, runOnPractice, truthOf } from "#testing/kubernetes-run.ts";
import type { Check } from "../define-check.ts";
import { checks } from "../registry.gen.ts";

const library = checks.filter(({ target, effect }) => target === "kubernetes" && effect === "read");
/** What is watched or read twice takes its time, and nothing of it has to happen meanwhile. */
const params = {
  "kubernetes/endpoint-events": { watchSeconds: 1 },
  "kubernetes/istio-diagnostics": { windowSeconds: 1 },
  "kubernetes/istio-xds": { windowSeconds: 1 },
};
const takesTime = ({ id }: Check) => id in params;

let practice: PracticeCluster;
beforeAll(async () => {
  practice = await startPracticeCluster({ nodes: 6, pods: 120 });
});
afterAll(() => practice?.close());

test("the library finds what the truth says, no more and no fewer", async () => {
  const outcomes = await runOnPractice(practice, library, { params });
  expect(foundIn(outcomes)).toEqual(truthOf(practice, library));
  const notFound = library.filter(({ id }) => outcomes.get(id)?.findings.length === 0);
  expect(notFound.map(({ id }) => id).toSorted()).toEqual([
    // It reads counters of kubelets, which the viewer may not.
    "kubernetes/cpu-throttling",
    // It is asked about a pod that somebody names.
    "kubernetes/pod-packet-capture",
  ]);
});

describe("mended one after the other", () => {
  test.each(faults.map(({ id }) => id))("%s: its findings are gone, and no others", async (id) => {
    const fault = practice.truth.faults.find((each) => each.id === id);
    const concerned = new Set(fault?.expected.map(({ checkId }) => checkId));
    const asked = library.filter((check) => concerned.has(check.id) || !takesTime(check));
    expect(concerned.size).toBeGreaterThan(0);
    const before = truthOf(practice, asked);
    practice.mend(id);
    const after = truthOf(practice, asked);
    expect(after.length).toBeLessThan(before.length);
    expect(foundIn(await runOnPractice(practice, asked, { params }))).toEqual(after);
  });

  test("at last nothing is left to find", async () => {
    expect(practice.truth.faults).toEqual([]);
    const outcomes = await runOnPractice(practice, library, { params });
    expect(foundIn(outcomes)).toEqual([]);
    const verdicts = [...outcomes].filter(([, { verdict }]) => verdict !== "pass");
    expect(verdicts.map(([id, { verdict }]) => `${verdict} ${id}`).toSorted()).toEqual([
      "skip kubernetes/cpu-throttling",
      "skip kubernetes/pod-packet-capture",
    ]);
  });
});
