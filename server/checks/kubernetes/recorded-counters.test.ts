import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { judgeFacts } from "../../engine/judge.ts";
import type { Check } from "../define-check.ts";
import { parseThrottling } from "../needs/cadvisor.ts";
import { parseProcessKills } from "../needs/process-kills.ts";
import { check as cpuLimits } from "./cpu-limits.ts";
import { check as cpuThrottling } from "./cpu-throttling.ts";
import { check as linuxOom } from "./linux-oom.ts";

const read = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../../testing/recordings", name), "utf8");
const pods: Pod[] = JSON.parse(read("pods.json")).items;
const nodes: Node[] = JSON.parse(read("nodes.json")).items;
const scrape = (name: string) => [{ node: "node-1", status: 200, text: read(name) }];
const before = scrape("cadvisor-counters.txt");
const after = scrape("cadvisor-counters-30s-later.txt");

const names = pods.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).sort();

/** Of every recorded pod what the check says; undefined: nothing. */
function saidOfEach(check: Check, given: Record<string, unknown>) {
  const params = check.params.parse({});
  const facts = Object.entries(check.needs(params)).map(([name, need]) => {
    if (name in given) return [name, given[name]];
    if (name === "nodes" && need.type === "kubernetes.list")
      return [name, nodes.flatMap((node) => need.pick(node) ?? [])];
    if (need.optional) return [name, { unread: { code: "not-served", what: name } }];
    if (need.type !== "kubernetes.list") throw new Error(`${name} is no list`);
    return [name, name === "pods" ? pods.flatMap((pod) => need.pick(pod) ?? []) : []];
  });
  const judged = judgeFacts(
    check,
    params,
    JSON.parse(JSON.stringify(Object.fromEntries(facts))),
    new Date("2026-11-22T18:49:58Z"),
    [],
  );
  const said = judged.findings.map(({ verdict, code, subject, affected }) => {
    const members = affected?.sample.map((one) => `${one.namespace}/${one.name}`) ?? [];
    return { words: `${verdict} ${code}`, of: [`${subject.namespace}/${subject.name}`, ...members] };
  });
  return Object.fromEntries(
    names.flatMap((name) => {
      const words = said.filter(({ of }) => of.includes(name)).map((one) => one.words);
      return words.length > 0 ? [[name, words.join(", ")]] : [];
    }),
  );
}

test("of all recorded pods the busy loop alone is throttled", () => {
  const counters = [before, after].map((answers, index) => ({
    at: index * 30_000,
    value: parseThrottling(answers),
  }));
  expect(saidOfEach(cpuThrottling, { counters })).toEqual({ "demo/cpu-burn": "fail throttled" });
});

test("of all recorded pods: killed main process, killed child, and children that are killed while nothing else shows it", () => {
  expect(saidOfEach(linuxOom, { kills: parseProcessKills(before) })).toEqual({
    "demo/oom": "fail oom-killed",
    "demo/oom-child": "fail oom-killed",
    "demo/oom-survivor": "warn process-killed",
  });
  expect(saidOfEach(linuxOom, {})).not.toHaveProperty("demo/oom-survivor");
});

/** Those that keep running: ordinary containers, and init containers that are started again. */
function lasting({ spec }: Pod): Container[] {
  const isSidecar = (one: Container) => (one as { restartPolicy?: string }).restartPolicy === "Always";
  return [...(spec?.initContainers ?? []).filter(isSidecar), ...(spec?.containers ?? [])];
}

test("each of them that runs or will is told where it asks for no CPU and has no limit, container by container", () => {
  const meant = pods.flatMap((pod) => {
    const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    const open = lasting(pod).filter(({ resources }) => !resources?.requests?.cpu && !resources?.limits?.cpu);
    const { namespace, name } = pod.metadata ?? {};
    if (over || open.length === 0) return [];
    return [[`${namespace}/${name}`, open.map(() => "warn no-request-no-limit").join(", ")]];
  });
  expect(meant).toHaveLength(27);
  expect(saidOfEach(cpuLimits, {})).toEqual(Object.fromEntries(meant));
});
