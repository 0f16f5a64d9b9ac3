import { expect, test } from "vitest";
import { rulesAllow } from "./rules.ts";

const rules = {
  resourceRules: [
    { verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"] },
    { verbs: ["*"], apiGroups: ["apps"], resources: ["*"] },
    { verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["one"] },
    { verbs: ["update"], apiGroups: ["*"], resources: ["*/status"] },
  ],
  nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/version", "/apis/*"] }],
};

test.each([
  ["list", "", "pods", true],
  ["watch", "", "pods", false],
  ["get", "", "pods/log", true],
  ["list", "apps", "deployments", true],
  ["list", "batch", "jobs", false],
  ["update", "batch", "jobs/status", true],
  ["get", "", "/version", true],
  ["get", "", "/apis/apps/v1", true],
  ["get", "", "/metrics", false],
  ["*", "*", "*", false],
] as const)("%s %s/%s: %s", (verb, group, resource, allowed) => {
  expect(rulesAllow(rules, { verb, group, resource })).toBe(allowed);
});

test("a right to one object by its name is no right to the kind", () => {
  expect(rulesAllow(rules, { verb: "get", group: "", resource: "secrets" })).toBe(false);
});

test("everything is allowed by a rule for everything, nothing by no rules", () => {
  const everything = { verb: "*", group: "*", resource: "*" };
  const all = { resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] };
  expect(rulesAllow(all, everything)).toBe(true);
  expect(rulesAllow({ resourceRules: null }, everything)).toBe(false);
});
