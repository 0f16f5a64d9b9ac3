import { expect, test } from "vitest";
import { helpersOf, parseEndpoint, parseKubeletProcess, parseVersion, runtimeOf } from "./kubelet-runtime.ts";

test.each([
  ["--container-runtime-endpoint=unix:///run/crio/crio.sock --v=2", "unix:///run/crio/crio.sock"],
  ["--container-runtime-endpoint /run/containerd/containerd.sock", "/run/containerd/containerd.sock"],
  ['A="--container-runtime-endpoint=/run/x.sock"', "/run/x.sock"],
  ['containerRuntimeEndpoint: "unix:///run/x.sock"\n', "unix:///run/x.sock"],
  ['containerRuntimeEndpoint: ""\ncpuManagerPolicy: none\n', null],
  ["containerRuntimeEndpoint:\nx: y\n", null],
])("the endpoint in %j", (text, endpoint) => expect(parseEndpoint(text)).toBe(endpoint));

test.each([
  ["containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u1\n", [1, 6]],
  ["containerd github.com/containerd/containerd/v2 v2.1.1 cb1076646aa3\n", [2, 1]],
  ["crio version 1.18.4\nVersion: 1.18.4\n", [1, 18]],
  ["Kubernetes v1.23.6\n", [1, 23]],
  ["no version\n", null],
])("the version in %j", (stdout, version) => expect(parseVersion({ stdout })).toEqual(version));

test.each([
  [null, [1, 23], "dockershim"],
  [null, [1, 27], "containerd"],
  [null, null, null],
  ["unix:///var/run/cri-dockerd.sock", [1, 30], "cri-dockerd"],
  ["unix:///run/k3s/containerd/containerd.sock", null, "containerd"],
  ["unix:///run/something.sock", [1, 30], null],
] as const)("endpoint %s and kubelet %j: %s", (endpoint, kubelet, runtime) =>
  expect(runtimeOf(endpoint, kubelet ? [...kubelet] : null)).toBe(runtime),
);

test.each([
  ["containerd", [1, 0], ["socat", "nsenter"]],
  ["containerd", [1, 3], ["socat"]],
  ["containerd", [1, 4], []],
  ["containerd", null, ["socat", "nsenter"]],
  ["CRI-O", [1, 18], ["socat", "nsenter"]],
  ["CRI-O", [1, 19], []],
  ["cri-dockerd", null, ["socat", "nsenter"]],
] as const)("%s %j calls %j", (runtime, version, helpers) =>
  expect(helpersOf(runtime, version ? [...version] : null)).toEqual(helpers),
);

test("no kubelet is told apart from processes that may not be seen", () => {
  expect(parseKubeletProcess({ stdout: "visible\n" }).running).toBe(false);
  expect(parseKubeletProcess({ stdout: "" }).running).toBeNull();
  const line = "kubelet /usr/bin/kubelet --container-runtime-endpoint=unix:///run/crio/crio.sock ";
  expect(parseKubeletProcess({ stdout: `visible\n${line}\n` })).toEqual({
    ...{ running: true, endpoint: "unix:///run/crio/crio.sock" },
  });
});
