import fc from "fast-check";
import { expect, test } from "vitest";
import {
  knownSandboxes,
  parseCachedResult,
  parseCniConfig,
  parseCrictlPods,
  parseReservation,
} from "./cni.ts";

test("a configuration list as a node had it: names and types, nothing else", () => {
  const text = `{"cniVersion": "0.4.0", "name": "k8s-pod-network", "plugins": [
    {"type": "bridge", "bridge": "cni0", "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]]}},
    {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}]}`;
  expect(parseCniConfig(text)).toEqual({
    name: "k8s-pod-network",
    plugins: [
      { type: "bridge", portMappings: false, ipam: "host-local" },
      { type: "portmap", portMappings: true, ipam: null },
    ],
  });
});

test("credentials of a network add-on never become a fact", () => {
  const text = `{"name": "x", "type": "calico", "kubernetes": {"kubeconfig": "/etc/x", "token": "canary"}, "plugins": [{"type": "calico", "password": "canary"}]}`;
  expect(JSON.stringify(parseCniConfig(text))).not.toContain("canary");
});

test("a single plugin is a list of one", () => {
  expect(parseCniConfig('{"name": "x", "type": "ptp"}')).toEqual({
    name: "x",
    plugins: [{ type: "ptp", portMappings: false, ipam: null }],
  });
});

test("what libcni caches: sandbox, addresses without their length, wanted host ports", () => {
  const text = JSON.stringify({
    kind: "cniCacheV1",
    containerId: "abc",
    ifName: "eth0",
    networkName: "net",
    config: "c2VjcmV0",
    capabilityArgs: {
      portMappings: [{ hostPort: 53, containerPort: 5353, protocol: "udp" }, { hostPort: 0 }],
    },
    result: { ips: [{ address: "10.1.0.5/24" }, { address: "fd00::5/64" }] },
  });
  expect(parseCachedResult(text)).toEqual({
    network: "net",
    sandbox: "abc",
    interface: "eth0",
    addresses: ["10.1.0.5", "fd00::5"],
    hostPorts: [{ port: 53, protocol: "UDP" }],
  });
  const capital = JSON.parse(text);
  capital.capabilityArgs.portMappings = [{ HostPort: 53, ContainerPort: 5353, Protocol: "udp", HostIP: "" }];
  expect(parseCachedResult(JSON.stringify(capital))?.hostPorts).toEqual([{ port: 53, protocol: "UDP" }]);
  const bare = parseCachedResult('{"containerId": "abc", "capabilityArgs": null, "result": null}');
  expect(bare?.addresses).toEqual([]);
});

test.each([
  ["abc\r\neth0", "abc", "eth0"],
  ["abc\neth0\n", "abc", "eth0"],
  ["abc", "abc", ""],
  ["", "", ""],
])("a reservation %j", (text, sandbox, name) => {
  expect(parseReservation(text)).toEqual({ sandbox, interface: name });
});

test("no text makes a parser throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      parseCniConfig(text);
      parseCachedResult(text);
      parseReservation(text);
      parseCrictlPods({ stdout: text, exitCode: 0 });
    }),
  );
});

test("sandboxes: the runtime's answer, else the folders; an empty folder proves nothing", () => {
  const file = { path: "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/abc/hostname", value: null };
  const missing = { unread: { code: "tool-missing", what: "crictl" } } as const;
  const answer = parseCrictlPods({ stdout: '{"items": [{"id": "one"}]}', exitCode: 0 });
  expect(knownSandboxes({ runtimePods: answer, sandboxFiles: [file] })).toEqual(new Set(["one"]));
  expect(knownSandboxes({ runtimePods: missing, sandboxFiles: [file] })).toEqual(new Set(["abc"]));
  expect(knownSandboxes({ runtimePods: missing, sandboxFiles: [] })).toBeNull();
  expect(knownSandboxes({ runtimePods: null, sandboxFiles: missing })).toBeNull();
  expect(parseCrictlPods({ stdout: "", exitCode: 1 })).toBeNull();
});

const folder = (path: string) => ({
  ...{ path, kind: "folder" as const, mode: 0o700, uid: 0, gid: 0, bytes: 40 },
  modifiedAt: "2026-11-28T15:41:05.000Z",
});

test("containers that Podman and nerdctl attach are sandboxes, too", () => {
  const facts = { runtimePods: ["one"], sandboxFiles: [] };
  const containersStorage = [folder("/var/lib/containers/storage/overlay-containers/two")];
  const nerdctl = [folder("/var/lib/nerdctl/1935db59/containers/default/three")];
  expect(knownSandboxes({ ...facts, containersStorage, nerdctl })).toEqual(
    new Set(["one", "two", "default-three"]),
  );
});

test("Podman's and nerdctl's containers alone say nothing of the pods, unless CRI-O keeps its own among them", () => {
  const asked = { runtimePods: null, sandboxFiles: [] };
  const containersStorage = [folder("/var/lib/containers/storage/overlay-containers/two")];
  const nerdctl = [folder("/var/lib/nerdctl/1935db59/containers/default/three")];
  expect(knownSandboxes({ ...asked, containersStorage, nerdctl })).toBeNull();
  expect(knownSandboxes({ ...asked, containersStorage, crio: [] })).toBeNull();
  const crio = [{ ...folder("/run/crio/crio.sock"), kind: "socket" as const }];
  expect(knownSandboxes({ ...asked, containersStorage, crio })).toEqual(new Set(["two"]));
  expect(knownSandboxes({ ...asked, crio })).toBeNull();
});
