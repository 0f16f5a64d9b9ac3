import { expect, test } from "vitest";
import { resources } from "../cluster/resources.ts";
import type { ApiObject } from "../objects/types.ts";
import { fieldSelector, labelSelector } from "./selectors.ts";

const object: ApiObject = {
  metadata: { name: "web-0", namespace: "shop", labels: { app: "web", tier: "front" } },
  spec: { nodeName: "node-1" },
  status: { phase: "Running" },
};

test.each([
  ["app=web", true],
  ["app==web", true],
  ["app!=web", false],
  ["missing!=web", true],
  ["app", true],
  ["!app", false],
  ["!missing", true],
  ["app in (web,api)", true],
  ["app in (api)", false],
  ["app notin (api)", true],
  ["missing notin (api)", true],
  ["missing in (api)", false],
  ["app=web,tier in (front, back),!missing", true],
  ["app=web,tier=back", false],
])("label selector %j: %s", (selector, matches) => {
  expect(labelSelector(selector)(object)).toBe(matches);
});

test.each([
  ["app===x", "unable to parse requirement: found '=', expected: identifier"],
  ["app in web", "unable to parse requirement: found 'web', expected: '('"],
  ["app of (web)", "unable to parse requirement: found 'of', expected: in, notin, =, ==, !=, gt, lt"],
])("label selector %j is refused", (selector, message) => {
  expect(() => labelSelector(selector)).toThrow(message);
});

const pods = resources.find(({ name }) => name === "pods");

test.each([
  ["metadata.name=web-0", true],
  ["metadata.namespace!=shop", false],
  ["spec.nodeName=node-1,status.phase=Running", true],
  ["status.phase!=Running", false],
  ["spec.hostNetwork=false", true],
])("field selector %j: %s", (selector, matches) => {
  if (!pods) throw new Error("Pods are not served.");
  expect(fieldSelector(selector, pods)(object)).toBe(matches);
});

test("a field that cannot be selected is refused", () => {
  if (!pods) throw new Error("Pods are not served.");
  expect(() => fieldSelector("spec.priority=1", pods)).toThrow("field label not supported: spec.priority");
});
