import { expect, test } from "vitest";
import { behind, controlPlanes, imageVersion, pickProxyPod } from "./istio-proxies.ts";

test.each([
  ["docker.io/istio/proxyv2:1.24.2", "1.24.2"],
  ["registry.example.com:5000/istio/proxyv2:1.24.2-distroless", "1.24.2"],
  ["docker.io/istio/pilot:v1.9.0@sha256:abc", "1.9.0"],
  ["proxyv2:1.24.2.1", undefined],
  ["registry.example.com:5000/istio/proxyv2", undefined],
  ["proxyv2:latest", undefined],
  ["auto", undefined],
  [undefined, undefined],
])("the version of %s is %s", (image, version) => {
  expect(imageVersion(image)).toBe(version);
});

test("minor versions are counted as numbers, and another major is no distance", () => {
  expect(behind("1.10.0", "1.9.4")).toEqual({ minors: 1, older: true });
  expect(behind("1.24.2", "1.24.10")).toEqual({ minors: 0, older: false });
  expect(behind("1.24.2", "1.24.1")).toEqual({ minors: 0, older: true });
  expect(behind("2.0.0", "1.99.0")).toBeNull();
});

const istiod = (revision: string, image: string) =>
  pickProxyPod({
    metadata: { namespace: "istio-system", name: `istiod-${revision}`, labels: { "istio.io/rev": revision } },
    spec: { containers: [{ name: "discovery", image }] },
  }) ?? [];

test("a proxy is measured by its own revision, and by the older pod while istiod is rolled out", () => {
  const pods = [
    istiod("default", "istio/pilot:1.24.2"),
    istiod("default", "istio/pilot:1.24.1"),
    istiod("canary", "istio/pilot:1.25.0"),
  ].flat();
  const serves = controlPlanes(pods);
  expect([serves("default"), serves(undefined), serves("canary"), serves("gone")]).toEqual([
    "1.24.1",
    "1.24.1",
    "1.25.0",
    undefined,
  ]);
  expect(controlPlanes(pods.slice(0, 1))("gone")).toBe("1.24.2");
});

test("who opted out, or is left alone by rule, needs no proxy", () => {
  const pod = (change: object) =>
    pickProxyPod({ metadata: { namespace: "shop", name: "a" }, spec: { containers: [] }, ...change });
  expect(pod({})).toBeDefined();
  expect(
    pod({ metadata: { namespace: "shop", labels: { "sidecar.istio.io/inject": "false" } } }),
  ).toBeUndefined();
  expect(pod({ metadata: { namespace: "kube-system", name: "a" } })).toBeUndefined();
  expect(pod({ spec: { containers: [], hostNetwork: true } })).toBeUndefined();
  expect(pod({ status: { phase: "Succeeded" } })).toBeUndefined();
});
