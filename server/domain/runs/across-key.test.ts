import { expect, test } from "vitest";
import { acrossKey, ownerName } from "./across-key.ts";

test.each([
  ["web-7d9f8b6c5d-x2x9z", "web"],
  ["payments-api-5c689d88bb-fq4m7", "payments-api"],
  ["fluentd-x2x9z", "fluentd"],
  ["nightly-28391040-k8s7w", "nightly"],
  ["web-0", "web-0"],
  ["redis-master", "redis-master"],
  ["etcd-control-plane", "etcd-control-plane"],
])("the pod %s is one of %s", (pod, owner) => {
  expect(ownerName(pod)).toBe(owner);
});

const key = (name: string, kind = "Pod", code = "c") =>
  acrossKey({ subject: { kind, name, namespace: "shop" }, code, targetName: "host-a" });

test("two pods of one owner are the same; two owners, codes or kinds are not", () => {
  expect(key("web-7d9f8b6c5d-x2x9z").key).toBe(key("web-5c689d88bb-fq4m7").key);
  const others = [
    key("api-7d9f8b6c5d-x2x9z"),
    key("web-0"),
    key("web-0", "Service"),
    key("web-0", "Pod", "d"),
  ];
  expect(new Set(others.map((each) => each.key)).size).toBe(4);
});

test("what is said of the target itself is said of either target", () => {
  const of = (name: string) => acrossKey({ subject: { kind: "host", name }, code: "c", targetName: name });
  expect(of("host-a")).toEqual(of("host-b"));
  expect(of("host-a").local).toBe(false);
});

test("nodes and addresses are of one place alone", () => {
  expect(key("node-1", "Node").local).toBe(true);
  expect(key("10.0.0.7", "host").local).toBe(true);
  expect(key("fd00::1", "host").local).toBe(true);
  expect(key("web-0").local).toBe(false);
});
