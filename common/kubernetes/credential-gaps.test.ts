import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type AccessPermission, connectionTestSchema } from "../contracts/cluster.ts";
import { credentialGaps, permissionWords } from "./credential-gaps.ts";

/** A report of a test of a connection, as recorded from the practice cluster. */
function recorded(name: string) {
  const file = path.join(import.meta.dirname, "credential-gaps.reports", `${name}.json`);
  const report = connectionTestSchema.parse(JSON.parse(readFileSync(file, "utf8")).report);
  if (!report.ok) throw new Error(`${name} is not the report of a connection that works`);
  return report.permissions;
}

function list(resource: string, by: Partial<AccessPermission> = {}): AccessPermission {
  return { group: "", resource, verb: "list", privileged: false, requiredBy: [], optionalFor: [], ...by };
}
const permissions = [
  list("events", { optionalFor: ["exit-codes"] }),
  list("namespaces"),
  list("nodes", { requiredBy: ["ports", "cpu"] }),
  list("pods", { requiredBy: ["exit-codes", "cpu", "ports", "addresses"] }),
  list("deployments", { group: "apps", requiredBy: ["ports"] }),
];
const gapsIn = (name: string) => {
  const { total, unknown, missing, unasked } = credentialGaps(permissions, recorded(name));
  return { total, unknown, missing: missing.map(permissionWords), unasked: unasked.map(permissionWords) };
};

test("a credential that may read all of it", () => {
  expect(gapsIn("good.viewer")).toEqual({ total: 4, unknown: [], missing: [], unasked: [] });
});

test("one that lacks a right: the checks that require it, and no others", () => {
  expect(gapsIn("bad.without-nodes")).toEqual({
    total: 4,
    unknown: ["cpu", "ports"],
    missing: ["list nodes"],
    unasked: [],
  });
});

test("one that may list pods in some namespaces only may not list them", () => {
  expect(gapsIn("bad.restricted")).toMatchObject({
    unknown: ["addresses", "cpu", "exit-codes", "ports"],
    missing: ["list nodes", "list pods", "list deployments.apps"],
  });
});

test("what the check can do without is no gap", () => {
  const withoutEvents = recorded("good.viewer").map((one) =>
    one.resource === "events" ? { ...one, allowed: false } : one,
  );
  expect(credentialGaps(permissions, withoutEvents).unknown).toEqual([]);
});

test("of what was not asked about nothing is claimed, and a right in one namespace does not count", () => {
  const reported = recorded("good.viewer").filter(({ resource }) => resource !== "pods");
  const here = { verb: "list", group: "", resource: "pods", namespace: "payments", allowed: true };
  const { unknown, missing, unasked } = credentialGaps(permissions, [...reported, here]);
  expect([unknown, missing, unasked.map(permissionWords)]).toEqual([[], [], ["list pods"]]);
});
