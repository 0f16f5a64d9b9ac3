import { join } from "node:path";
import { expect, test } from "vitest";
import { checkIds } from "./checks.ts";
import { runbooksIn } from "./coverage-page.ts";
import { notProven, reasonBeginnings } from "./not-proven.ts";
import { proofReader } from "./proofs.ts";

const root = join(import.meta.dirname, "../..");

test("the runbooks are numbered 1 to 69, none missing and none doubled", () => {
  const numbers = runbooksIn(root).map(({ meta }) => meta.number);
  expect(numbers).toEqual(Array.from({ length: 69 }, (_, at) => at + 1));
});

test("every check has a reason that is its own, and every reason a check", () => {
  const ids = checkIds(root);
  for (const id of ids) expect(notProven(id), id).not.toBe("");
  for (const start of reasonBeginnings)
    expect(
      ids.some((id) => id.startsWith(start)),
      start,
    ).toBe(true);
});

test("a test that names a check in rows of its own is no proof of it", () => {
  const proofOf = proofReader(root);
  const paths = checkIds(root).flatMap((id) => proofOf(id).tests.map(({ path }) => path));
  expect(paths.filter((path) => path.startsWith("server/domain/"))).toEqual([]);
});

test("a proof is found where it is: facts, faults, tests and what they start", () => {
  const proofOf = proofReader(root);
  const doh = proofOf("endpoint/doh-comparison");
  expect(doh.recorded).toBeGreaterThan(0);
  expect(doh.tests).toContainEqual({
    path: "server/checks/endpoint/doh-comparison.integration.test.ts",
    against: ["unbound"],
  });
  expect(proofOf("kubernetes/default-log-container").faults).toContain("default-log-container");
  expect(proofOf("host/disk-images").tests.map(({ path }) => path)).toContain(
    "server/checks/needs/disk-images.integration.test.ts",
  );
});
