import { expect, test } from "vitest";
import { basesOf } from "../cluster/bases.ts";
import { plantCluster } from "../cluster/planting.ts";
import { resources, storageName } from "../cluster/resources.ts";
import { Store } from "../cluster/store.ts";
import { buildPlannedPod } from "../objects/pod-of-plan.ts";
import type { PodObject } from "../objects/types.ts";
import { faults } from "./all.gen.ts";
import type { Fault } from "./fault.ts";

const options = { nodes: 6, pods: 120, seed: 1, epochMs: Date.parse("2026-01-12T06:00:00Z") };
const cluster = plantCluster(options, faults);
const { plan } = cluster;
const planted = [...cluster.planted].map(([id, one]) => ({ id, ...one }));
const store = new Store(
  resources,
  basesOf(plan, { caPem: "", tls: { certificatePem: "", keyPem: "" } }, cluster.difference),
);
const pods = plan.podKeys.map((_, slot) => buildPlannedPod(plan, slot));

function plantedBy(id: Fault["id"]) {
  const found = planted.find((one) => one.id === id);
  if (!found) throw new Error(`There is no fault ${id}.`);
  return found;
}
const podNamed = (namespace: string, name: string): PodObject | undefined =>
  pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);

test.each(planted)("$id: at least two findings, each about something that exists", ({ expected }) => {
  expect(expected.length).toBeGreaterThanOrEqual(2);
  for (const { subject } of expected) {
    const { kind, namespace, name } = subject;
    const resource = resources.find((one) => one.kind === kind);
    const key = namespace === undefined ? name : `${namespace}/${name}`;
    if (resource) expect(store.get(storageName(resource), key), key).toBeDefined();
  }
});

test("faults keep out of each other's way: no workload twice", () => {
  const names = plan.workloads.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test("the shared addresses are the expected ones, each held by two running pods of one node", () => {
  const own = pods.filter(({ spec, status }) => !spec.hostNetwork && status.phase === "Running");
  const shared = [...Map.groupBy(own, ({ status }) => status.podIP ?? "")].filter(
    ([, holders]) => holders.length > 1,
  );
  const expected = plantedBy("duplicate-pod-ip").expected.flatMap(({ subject, code }) =>
    code === "duplicate-address" ? [subject.part] : [],
  );
  expect(shared.map(([address]) => address).sort()).toEqual(expected.sort());
  for (const [, holders] of shared) expect(new Set(holders.map(({ spec }) => spec.nodeName)).size).toBe(1);
});

test("an address that was used again belongs to one running and two finished pods", () => {
  const address = podNamed("checkout", "finished-import")?.status.podIP;
  const phases = pods.filter(({ status }) => status.podIP === address).map(({ status }) => status.phase);
  expect(phases.sort()).toEqual(["Failed", "Running", "Succeeded"]);
});

test("pods wait for ports exactly where that is expected", () => {
  const waiting = pods.filter(({ status }) => status.conditions?.[0]?.message?.includes("free ports"));
  const app = ({ metadata }: PodObject) =>
    `${metadata.namespace}/${metadata.labels?.["app.kubernetes.io/name"]}`;
  expect([...Map.groupBy(waiting, app)].map(([name, group]) => [name, group.length]).sort()).toEqual([
    ["checkout/label-printer-2", 1],
    ["logistics/edge-scanner", 1],
    ["search/node-agent", 1],
    ["storefront/edge-gateway", 2],
  ]);
  for (const { spec, status } of waiting) {
    expect(spec.nodeName).toBeUndefined();
    expect(status.containerStatuses).toBeUndefined();
    expect(status.conditions?.[0]?.message).toMatch(
      /^0\/\d+ nodes are available: \d node\(s\) didn't have free ports/,
    );
  }
});

test("every exit code of the notes is there, in the state a kubelet reports", () => {
  const ends = pods
    .flatMap(({ status }) => status.containerStatuses ?? [])
    .flatMap(({ state, lastState }) => [state.terminated, lastState.terminated])
    .flatMap((end) => (end && end.exitCode !== 0 ? [`${end.exitCode} ${end.reason}`] : []));
  expect(new Set(ends)).toEqual(
    new Set([
      ...[
        "137 OOMKilled",
        "7 OOMKilled",
        "137 Error",
        "1 Error",
        "2 Error",
        "3 Error",
        "126 Error",
        "127 Error",
      ],
      ...["128 StartError", "139 Error", "143 Error", "255 Error"],
    ]),
  );
  const loader = pods.find(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "model-loader");
  expect(loader?.status.containerStatuses?.[0]?.lastState.terminated?.startedAt).toBe("1970-01-01T00:00:00Z");
});

test("the kubelet's word on the liveness kill is about that very pod", () => {
  const podAt = (key: string) => buildPlannedPod(plan, plan.podKeys.indexOf(key));
  const events = plantedBy("container-exit-codes").objects?.(podAt).get("events");
  const pod = podNamed("identity", "token-cache-0");
  expect(events).toMatchObject([
    { involvedObject: { uid: pod?.metadata.uid, fieldPath: "spec.containers{app}" }, reason: "Killing" },
  ]);
});
