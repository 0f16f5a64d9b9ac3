import { expect, test } from "vitest";
import { minorOf, removedApi, removedApis } from "./removed-apis.ts";

test("kinds of one version that left at different times", () => {
  expect(removedApi("extensions/v1beta1", "Ingress")?.removedIn).toBe(22);
  expect(removedApi("extensions/v1beta1", "Deployment")).toMatchObject({ removedIn: 16, instead: "apps/v1" });
  expect(removedApi("policy/v1beta1", "PodSecurityPolicy")?.instead).toBeNull();
  expect(removedApi("policy/v1beta1", "PodDisruptionBudget")?.instead).toBe("policy/v1");
  expect(removedApi("networking.k8s.io/v1beta1", "IPAddress")).toBeUndefined();
  expect(removedApi("apps/v1", "Deployment")).toBeUndefined();
  expect(removedApi("v1", "Pod")).toBeUndefined();
});

test("nobody is sent to a version that is gone as well", () => {
  for (const { instead, kinds } of removedApis)
    if (instead) expect(removedApi(instead, kinds?.[0] ?? "Anything")).toBeUndefined();
});

test("the minor version, as servers write it", () => {
  expect(["v1.33.4-eks-1", "1.9", "27+", "v2.0", ""].map(minorOf)).toEqual([33, 9, 27, undefined, undefined]);
});
