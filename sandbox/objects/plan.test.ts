import { expect, test } from "vitest";
import { plantCluster } from "../cluster/planting.ts";
import { faults } from "../faults/all.gen.ts";
import { allocatableMillicores } from "./node.ts";
import type { Plan } from "./plan.ts";
import { buildPlannedPod } from "./pod-of-plan.ts";
import type { PodObject } from "./types.ts";

const epochMs = Date.parse("2026-01-12T06:00:00Z");

function planOf(options: { nodes: number; pods: number; seed: number }, withFaults = false): Plan {
  // What happened lately is told from the start of the cluster.
  return { ...plantCluster({ ...options, epochMs }, withFaults ? faults : []).plan, startedMs: epochMs };
}

const podsOf = (plan: Plan) => plan.podKeys.map((_, slot) => buildPlannedPod(plan, slot));
const small = { nodes: 6, pods: 120, seed: 1 };

test("the same seed gives the same pods, another seed others", () => {
  const text = (seed: number) => JSON.stringify(podsOf(planOf({ ...small, seed }, true)));
  expect(text(1)).toBe(text(1));
  expect(text(2)).not.toBe(text(1));
});

test.each([
  { nodes: 6, pods: 120, seed: 1 },
  { nodes: 1, pods: 40, seed: 7 },
  { nodes: 90, pods: 4_000, seed: 3 },
])("$pods pods on $nodes nodes: exactly as many, every name, uid and address once", (options) => {
  const pods = podsOf(planOf(options));
  const own = pods.filter(({ spec }) => !spec.hostNetwork);
  const distinct = <T>(items: T[]) => new Set(items).size;
  expect(pods).toHaveLength(options.pods);
  expect(distinct(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))).toBe(pods.length);
  expect(distinct(pods.map(({ metadata }) => metadata.uid))).toBe(pods.length);
  expect(distinct(own.map(({ status }) => status.podIP))).toBe(own.length);
});

test("addresses lie in the range of the pod's node", () => {
  const plan = planOf(small);
  const ranges = new Map(plan.nodeFacts.map(({ name, index }) => [name, `10.244.${index}.`]));
  for (const { spec, status } of podsOf(plan).filter((pod) => !pod.spec.hostNetwork)) {
    expect(status.podIP).toMatch(new RegExp(`^${ranges.get(spec.nodeName ?? "")}`));
  }
});

const containersOf = ({ spec }: PodObject) => [...spec.containers, ...(spec.initContainers ?? [])];
const cores = (cpu: string) => (cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Number(cpu) * 1_000);

test("healthy pods ask for what they need, and for no more than half a node", () => {
  const plan = planOf({ ...small, pods: 2_000 });
  const smallest = Math.min(...plan.nodeFacts.map(allocatableMillicores));
  for (const { resources } of podsOf(plan).flatMap(containersOf)) {
    expect(resources?.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
    expect(cores(resources?.limits?.cpu ?? "0")).toBeLessThanOrEqual(smallest / 2);
  }
});

test("healthy pods with several containers name the default one; what has ended, ended with 0", () => {
  const pods = podsOf(planOf({ ...small, pods: 2_000 }));
  const several = pods.filter(({ spec }) => spec.containers.length > 1);
  expect(several.length).toBeGreaterThan(10);
  for (const { metadata, spec } of several) {
    const chosen = metadata.annotations?.["kubectl.kubernetes.io/default-container"];
    expect(spec.containers.map(({ name }) => name)).toContain(chosen);
  }
  const ended = pods
    .flatMap(({ status }) => status.containerStatuses ?? [])
    .flatMap(({ state, lastState }) => [state.terminated, lastState.terminated]);
  expect(ended.filter((one) => one !== undefined).length).toBeGreaterThan(10);
  expect(ended.filter((one) => one !== undefined && one.exitCode !== 0)).toEqual([]);
});

test("a healthy cluster has no host port twice on a node, and none that is a node port", () => {
  const plan = planOf({ ...small, pods: 5_000 });
  const claims = podsOf(plan).flatMap(({ spec }) =>
    spec.containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ hostPort, protocol }) =>
        hostPort ? [`${spec.nodeName} ${hostPort}/${protocol}`] : [],
      ),
    ),
  );
  expect(new Set(claims).size).toBe(claims.length);
  const nodePorts = plan.workloads.flatMap(({ service }) => service?.nodePort ?? []);
  expect(new Set(nodePorts).size).toBe(nodePorts.length);
  expect(claims.filter((claim) => nodePorts.some((port) => claim.includes(` ${port}/`)))).toEqual([]);
});
