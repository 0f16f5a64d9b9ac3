import { expect, test } from "vitest";
import { imageTag, parseVersion } from "./version.ts";

test.each([
  ["v1.33.13", 33],
  ["v1.29.3-eks-ae9a62a", 29],
  ["v1.31.2+k3s1", 31],
  ["1.30", 30],
  ["v1.33.13+practice", 33],
  ["", null],
  ["v2.1.0", null],
  ["latest", null],
  ["v1.x", null],
])("%s", (text, minor) => {
  expect(parseVersion(text)?.minor ?? null).toBe(minor);
});

test.each([
  ["registry.k8s.io/kube-proxy:v1.33.13", "v1.33.13"],
  ["localhost:5000/kube-proxy", undefined],
  ["localhost:5000/kube-proxy:v1.30.1@sha256:0123", "v1.30.1"],
  ["kube-proxy@sha256:0123", undefined],
  [undefined, undefined],
])("tag of %s", (image, tag) => {
  expect(imageTag(image)).toBe(tag);
});
