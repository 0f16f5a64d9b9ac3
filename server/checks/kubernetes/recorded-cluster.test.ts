import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, Pod, Service } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { judgeFacts } from "../../engine/judge.ts";
import type { Check } from "../define-check.ts";
import { check as cpuLimits } from "./cpu-limits.ts";
import { check as defaultLogContainer } from "./default-log-container.ts";
import { check as duplicatePodIp } from "./duplicate-pod-ip.ts";
import { check as hostPorts } from "./host-ports.ts";
import { check as linuxOom } from "./linux-oom.ts";

function recording(name: string): Pod[] {
  const path = join(import.meta.dirname, "../../../testing/recordings", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")).items;
}
const recorded = recording("pods");

/** From whole API objects, through the check's own picks and JSON, to its findings. */
function judged(check: Check, objects: Record<string, unknown[]>) {
  const params = check.params.parse({});
  const facts = Object.entries(check.needs(params)).map(([name, need]) => {
    if (need.optional && !(name in objects)) return [name, { unread: { code: "not-served", what: name } }];
    if (need.type !== "kubernetes.list") throw new Error(`${name} is no list`);
    const picked = (objects[name] ?? []).map((object) => need.pick(object));
    return [name, picked.filter((one) => one !== undefined)];
  });
  const read = JSON.parse(JSON.stringify(Object.fromEntries(facts)));
  return judgeFacts(check, params, read, new Date("2026-11-22T18:49:58Z"), []);
}

const said = (check: Check, objects: Record<string, unknown[]>) =>
  judged(check, objects).findings.map(
    ({ verdict, code, subject: { kind, name, part } }) =>
      `${verdict} ${code} ${kind}/${name}${part === undefined ? "" : ` ${part}`}`,
  );

const nodes: Node[] = ["node-1", "node-2"].map((name) => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  status: { allocatable: { cpu: "1500m" } },
}));

test("a recorded cluster: no shared address, though finished pods still show theirs", () => {
  expect(said(duplicatePodIp, { pods: recorded })).toEqual([]);
});

test("a recorded cluster: the one pod with two containers, not the one with a native sidecar alone", () => {
  expect(said(defaultLogContainer, { pods: recorded })).toEqual(["warn no-default-container Pod/multi"]);
});

test("a recorded cluster: the pod that waits for a port; a nodePort of that number clashes with its holders", () => {
  expect(said(hostPorts, { pods: recorded, nodes })).toEqual(["fail no-free-port Pod/hostport-conflict"]);
  const service: Service = {
    metadata: { namespace: "demo", name: "web" },
    spec: { ports: [{ port: 80, nodePort: 8080 }] },
  };
  expect(said(hostPorts, { pods: recorded, nodes, services: [service] })).toEqual([
    "fail node-port-clash Service/web 8080/TCP",
    "fail no-free-port Pod/hostport-conflict",
  ]);
});

test("a recorded cluster: both pods of the Deployment are one finding, by its name although no ReplicaSet was read", () => {
  const web = recorded.filter(({ metadata }) => metadata?.name?.startsWith("web-"));
  const { findings } = judged(cpuLimits, { pods: web, nodes });
  expect(findings.map(({ subject }) => subject)).toEqual([
    { kind: "Deployment", namespace: "demo", name: "web", part: "web" },
  ]);
  expect(findings[0]?.affected?.count).toBe(2);
});

test("a recorded cluster: the busy loop at its limit cannot be seen in objects, only in the kubelet's counters", () => {
  const findings = said(cpuLimits, { pods: recorded, nodes }).filter((one) => one.includes("Pod/cpu-burn"));
  expect(findings).toEqual([]);
});

test("a recorded cluster: killed for memory are two, not those that a probe, an eviction or a deadline ended with 137", () => {
  for (const pods of [recorded, recording("pods-60s-later")])
    expect(said(linuxOom, { pods })).toEqual([
      "fail oom-killed Pod/oom main",
      "fail oom-killed Pod/oom-child main",
    ]);
});

function manyPods(count: number): Pod[] {
  return Array.from({ length: count }, (_, index) => ({
    metadata: {
      namespace: "shop",
      name: `api-5d9c7b6f4-${index}`,
      labels: { "pod-template-hash": "5d9c7b6f4" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "api-5d9c7b6f4", uid: "r", controller: true },
      ],
    },
    spec: {
      nodeName: `node-${1 + (index % 2)}`,
      containers: [
        { name: "app", ports: [{ containerPort: 80, hostPort: 20_000 + index }] },
        { name: "log", resources: { limits: { cpu: "1" } } },
      ],
    },
    status: { phase: "Running", podIPs: [{ ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }] },
  }));
}

test("600 pods of one Deployment are one finding with one patch", () => {
  const { findings } = judged(defaultLogContainer, { pods: manyPods(600) });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.affected?.count).toBe(600);
  expect(findings[0]?.affected?.sample).toHaveLength(50);
  expect(findings[0]?.remedy?.[0]?.command).toBe(
    `kubectl patch deployment api --namespace shop --type merge --patch '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/default-container":"app"}}}}}'`,
  );
});

test.each([
  ["duplicate-pod-ip", duplicatePodIp, 0],
  ["default-log-container", defaultLogContainer, 1],
  ["cpu-limits", cpuLimits, 2],
  ["host-ports", hostPorts, 0],
])(
  "20,000 pods are judged in good time: %s",
  (_, check, findings) => {
    const pods = manyPods(20_000);
    const started = performance.now();
    expect(judged(check, { pods, nodes }).findings).toHaveLength(findings);
    expect(performance.now() - started).toBeLessThan(20_000);
  },
  30_000,
);

test("a name that a shell would read as a command stays a word", () => {
  const names = ["app; reboot", "b"];
  const containers = names.map((name) => ({ name }));
  const pod: Pod = { metadata: { namespace: "$(id)", name: "it's" }, spec: { containers } };
  const [finding] = judged(defaultLogContainer, { pods: [pod] }).findings;
  expect(finding?.remedy?.[0]?.command).toBe(
    `kubectl annotate pod 'it'\\''s' --namespace '$(id)' --overwrite 'kubectl.kubernetes.io/default-container=app; reboot'`,
  );
});
