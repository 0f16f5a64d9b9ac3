import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faults } from "#sandbox/faults/all.gen.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { foundIn, quickParams as params, runOnPractice, truthOf } from "#testing/kubernetes-run.ts";
import type { Check } from "../define-check.ts";
import { checks } from "../registry.gen.ts";

const library = checks.filter(({ target, effect }) => target === "kubernetes" && effect === "read");
const takesTime = ({ id }: Check) => id in params;
let practice: PracticeCluster;
beforeAll(async () => {
  practice = await startPracticeCluster({ nodes: 6, pods: 120 });
});
afterAll(() => practice?.close());

test("the library finds what the truth says, no more and no fewer", async () => {
  const outcomes = await runOnPractice(practice, library, { params });
  expect(foundIn(outcomes)).toEqual(truthOf(practice, library));
  const seen = new Set(
    practice.truth.faults.flatMap(({ expected }) => expected.map(({ checkId }) => checkId)),
  );
  const unseen = library.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  // It is asked about a pod that somebody names: see the last test.
  expect(unseen).toEqual(["kubernetes/pod-packet-capture"]);
});

test("an administrator finds more: what kubelets count, and that the credential itself may do everything", async () => {
  const own =
    'kubernetes/authentication-methods warn credential-in-masters [["kind","User"],["name","admin"]]';
  const outcomes = await runOnPractice(practice, library, { params, user: "admin" });
  expect(foundIn(outcomes)).toEqual([own, ...truthOf(practice, library, "admin")].toSorted());
});

describe("mended one after the other", () => {
  test.each(faults.map(({ id }) => id))("%s: its findings are gone, and no others", async (id) => {
    const expected = practice.truth.faults.find((fault) => fault.id === id)?.expected ?? [];
    const isExpected = (check: Check) => expected.some(({ checkId }) => checkId === check.id);
    const asked = library.filter((check) => !takesTime(check) || isExpected(check));
    const forAdmin = library.filter((check) =>
      expected.some(({ only, checkId }) => only === "admin" && checkId === check.id),
    );
    const before = [truthOf(practice, asked), truthOf(practice, forAdmin, "admin")];
    practice.mend(id);
    const after = [truthOf(practice, asked), truthOf(practice, forAdmin, "admin")];
    const left = new Set(after.flat());
    const gone = new Set(before.flat().filter((one) => !left.has(one)));
    expect(gone.size).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(0);
    expect(foundIn(await runOnPractice(practice, asked, { params }))).toEqual(after[0]);
    const seen = forAdmin.length > 0 && (await runOnPractice(practice, forAdmin, { params, user: "admin" }));
    if (seen) expect(foundIn(seen)).toEqual(after[1]);
  });

  test("at last nothing is left to find but what the credential may not see", async () => {
    expect(practice.truth.faults).toEqual([]);
    const outcomes = await runOnPractice(practice, library, { params });
    expect(foundIn(outcomes)).toEqual(truthOf(practice, library));
    const verdicts = [...outcomes].filter(([, { verdict }]) => verdict !== "pass");
    expect(verdicts.map(([id, { verdict }]) => `${verdict} ${id}`).toSorted()).toEqual([
      "skip kubernetes/cpu-throttling",
      "skip kubernetes/pod-packet-capture",
      "unknown kubernetes/istio-diagnostics",
    ]);
  });
});

test("a pod that is named: where its packets can be seen, and what the credential lacks", async () => {
  const captures = library.filter(({ id }) => id === "kubernetes/pod-packet-capture");
  const items = [...practice.store.of("pods").walk("checkout/", "checkout/", practice.store.revision)];
  const [name = ""] = items.map(([, pod]) => pod.metadata.name);
  const capture = async (pod: string, user: "viewer" | "admin") => {
    const params = { "kubernetes/pod-packet-capture": { namespace: "checkout", pod } };
    const outcome = (await runOnPractice(practice, captures, { params, user })).get(captures[0]?.id ?? "");
    return [outcome?.verdict, ...(outcome?.findings ?? []).map(({ code }) => code)];
  };
  expect(await capture(name, "admin")).toEqual(["pass", "capture-points"]);
  expect(await capture(name, "viewer")).toEqual(["warn", "may-not-debug", "capture-points"]);
  expect(await capture("nobody-of-that-name", "viewer")).toEqual(["skip"]);
});
