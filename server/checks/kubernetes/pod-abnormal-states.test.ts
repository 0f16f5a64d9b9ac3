import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event, Node, Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import type { Finding } from "#common/result.ts";
import { judgeFacts } from "../../engine/judge.ts";
import { check } from "./pod-abnormal-states.ts";

type Recording<T> = { recordedAt: string; items: T[] };

function recording<T>(name: string): Recording<T> {
  const path = join(import.meta.dirname, "../../../testing/recordings", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8"));
}

const now = recording<Pod>("pods");
const later = recording<Pod>("pods-60s-later");
const recordedEvents = recording<Event>("pod-events").items;
const recordedNodes = recording<Node>("nodes").items;
const forbidden = (what: string) => ({ unread: { code: "forbidden", what } }) as const;
type Around = {
  events?: Event[] | null;
  nodes?: Node[] | null;
  configMaps?: object[] | null;
  claims?: object[];
};

/** Runs the check as the engine does: the picks over whole objects, then the judge. Null: may not be read. */
function judged(pods: Recording<Pod>, around: Around = {}, given: Record<string, number> = { minutes: 1 }) {
  const params = check.params.parse(given);
  const needs = check.needs(params);
  const objects: Record<string, unknown[] | null> = {
    pods: pods.items,
    events: recordedEvents,
    nodes: recordedNodes,
    ...around,
  };
  const facts = Object.entries(needs).map(([name, need]) => {
    if (need.type === "kubernetes.get") return [name, null];
    if (need.type !== "kubernetes.list") throw new Error(`${name} is no list`);
    const list = objects[name] === undefined ? [] : objects[name];
    return [name, list === null ? forbidden(name) : list.flatMap((object) => need.pick(object) ?? [])];
  });
  const read = JSON.parse(JSON.stringify(Object.fromEntries(facts)));
  return judgeFacts(check, params, read, new Date(pods.recordedAt), []).findings;
}

const place = ({ subject }: Finding) => `${subject.namespace}/${subject.name}`;
const table = (findings: Finding[]) =>
  Object.fromEntries(findings.map((finding) => [place(finding), `${finding.verdict} ${finding.code}`]));
const messageOf = (findings: Finding[], name: string) =>
  findings.find((one) => place(one) === name)?.message.en;

/** What each pod of a recorded cluster must be judged as; null: nothing that its object could tell. */
const meant: Record<string, string | null> = {
  "demo/bad-command": "fail start-error",
  "demo/bad-config": "fail missing-reference",
  "demo/cpu-burn": null,
  "demo/exit3": "fail application-error",
  "demo/hostport": null,
  "demo/job-ok-b2d54": null,
  "demo/liveness-fail": "fail liveness-probe",
  "demo/multi": null,
  "demo/never-pull": "fail image-never-pulled",
  "demo/no-sigterm": "fail finalizer-holds",
  "demo/not-ready": "fail readiness-port-closed",
  "demo/oom": "fail out-of-memory",
  "demo/oom-child": "fail out-of-memory-child",
  "demo/oom-survivor": null,
  "demo/pull-fail": "fail image-registry-unreachable",
  "demo/sleep": null,
  "demo/unschedulable": "fail larger-than-any-node",
  "demo/web-69dc848dc4-9knhv": null,
  "demo/web-69dc848dc4-fv5k9": null,
  "more/bad-image-name": "fail image-name-invalid",
  "more/deadline": "warn deadline-exceeded",
  "more/evict-emptydir": "warn evicted-own-storage",
  "more/evict-ephemeral": "warn evicted-own-storage",
  "more/exit0-restart": "warn ended-cleanly",
  "more/file-logger": null,
  "more/guaranteed": null,
  "more/hostport-conflict": "fail host-port-taken",
  "more/hostport-conflict-2": null,
  "more/init-fail": "fail application-error",
  "more/init-hang": "fail init-container-waits",
  "more/liveness-slow": "fail liveness-probe",
  "more/mount-missing": "fail missing-reference",
  "more/out-of-cpu": "fail rejected-by-kubelet",
  "more/poststart-fail": "fail post-start-hook",
  "more/segv": "fail application-error",
  "more/startup-fail": "fail startup-probe",
  "more/term-message": "fail configuration-wrong",
  "more/toolbox": null,
};
const found = Object.fromEntries(Object.entries(meant).filter(([, verdict]) => verdict !== null));

test.each([
  ["a list", now],
  ["the list a minute later", later],
])("every pod of %s gets its conclusion, and nothing else is found", (_, pods) => {
  expect(pods.items.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).sort()).toEqual(
    Object.keys(meant).sort(),
  );
  expect(table(judged(pods))).toEqual(found);
});

test("a minute later nothing is new and nothing is gone: one fault with two names stays one finding", () => {
  const identities = (findings: Finding[]) =>
    findings.map(({ subject, code }) => JSON.stringify([subject, code])).sort();
  expect(identities(judged(later))).toEqual(identities(judged(now)));
});

test("what is said names the container, the cause and the next in line", () => {
  const findings = judged(now);
  expect(messageOf(findings, "demo/pull-fail")).toBe(
    "Pod demo/pull-fail (container main) cannot get its image (ImagePullBackOff). Cause: the node cannot connect to the registry.",
  );
  expect(messageOf(findings, "more/init-fail")).toContain("(container setup)");
  expect(messageOf(findings, "demo/liveness-fail")).toContain("its liveness probe failed: 6 times");
  expect(messageOf(findings, "more/mount-missing")).toContain("Next in line: its volume cannot be mounted");
  expect(messageOf(findings, "more/term-message")).toContain(
    "Most likely: the program gives up because of its configuration. Next in line: The program ended itself with code 2",
  );
});

test("the argument holds what speaks for a cause and what speaks against it", () => {
  const [argument] =
    judged(now).find((finding) => place(finding) === "more/hostport-conflict")?.evidence ?? [];
  const said = argument?.excerpt;
  expect(said).toMatch(
    /^1\. the host port .* \[host-port-taken\] \+5\.5\n {3}\+5\.5 the scheduler turned away 1 of 2 nodes for it/,
  );
  expect(said).toContain("ruled out: no node matches its node selector");
  expect(said).toContain("−3 1 of 2 nodes carry the labels it asks for");
  expect(argument?.texts?.source?.["zh-CN"]).toBe("每个原因的支持（+）与反对（−）证据");
  expect(argument?.texts?.excerpt?.["zh-CN"]).toContain("   −3 2 个节点中有 1 个带有它要求的标签");
  const killed = judged(now).find((finding) => place(finding) === "demo/oom")?.evidence?.[0]?.excerpt;
  expect(killed).toMatch(/^1\. .* \[out-of-memory\] /);
});

test("without events every pod is still found; where only an event knew, the check says that it does not", () => {
  const findings = judged(now, { events: null });
  expect(table(findings)).toEqual({
    ...found,
    "demo/liveness-fail": "fail killed",
    "demo/not-ready": "fail readiness-failed",
    "more/liveness-slow": "fail killed",
    "more/mount-missing": "fail missing-reference",
    "more/poststart-fail": "fail killed",
    "more/startup-fail": "fail killed",
  });
  expect(messageOf(findings, "demo/not-ready")).toContain(
    "Most likely: its readiness probe does not succeed",
  );
  expect(messageOf(findings, "demo/liveness-fail")).toContain("Most likely: Killed by SIGKILL (128 + 9)");
  for (const finding of findings) expect(finding.message.en).toContain("Events could not be read");
});

test("with neither events nor ConfigMaps a pod without containers is a fact without a cause", () => {
  const findings = judged(now, { events: null, configMaps: null });
  expect(table(findings)["more/mount-missing"]).toBe("fail creation-unexplained");
  expect(messageOf(findings, "more/mount-missing")).toContain(
    "Cause unknown: nothing that could be read says why",
  );
});

test("without nodes the scheduler's word is enough, only less of it", () => {
  expect(table(judged(now, { nodes: null }))).toEqual({
    ...found,
    "demo/unschedulable": "fail resources-insufficient",
  });
});

test("with the default of five minutes only what has lasted that long is said", () => {
  const names = Object.keys(table(judged(now, {}, {})));
  expect(names).toContain("demo/pull-fail");
  expect(names.filter((name) => name.startsWith("more/") || name === "demo/no-sigterm")).toEqual([]);
});

test("128 + n is told as a signal, and $$ in a command is no segmentation fault", () => {
  const pods = recording<Pod>("pods-segmentation-fault");
  expect(table(judged(pods, {}, { minutes: 0, loopRestarts: 1 }))).toEqual({
    "more/segv": "fail application-error",
    "more/segv139": "fail segmentation-fault",
  });
});

test("a silent node explains its pods, the deleted one too, and not those that were broken before", () => {
  const pods = recording<Pod>("pods-silent-node");
  const nodes = recording<Node>("nodes-one-silent").items;
  const findings = judged(pods, { nodes, events: [] }, { minutes: 0 });
  const codes = table(findings);
  for (const name of ["demo/multi", "demo/sleep", "more/guaranteed", "more/toolbox", "more/tolerates-20s"])
    expect([name, codes[name]]).toEqual([name, "fail node-not-reporting"]);
  expect(codes["demo/pull-fail"]).toBe("fail image-registry-unreachable");
  expect(codes["demo/no-sigterm"]).toMatch(/^fail (finalizer-holds|node-not-reporting)$/);
});

test("20,000 stuck pods of one Deployment are one finding, in good time", () => {
  const [pulling] = now.items.filter(({ metadata }) => metadata?.name === "pull-fail");
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: "api-5d9c7b6f4",
    uid: "r",
    controller: true,
  };
  const items = Array.from({ length: 20_000 }, (_, index): Pod => {
    const metadata = {
      ...pulling?.metadata,
      ...{ namespace: "shop", name: `api-5d9c7b6f4-${index}`, uid: `p${index}` },
      labels: { "pod-template-hash": "5d9c7b6f4" },
      ownerReferences: [owner],
    };
    return { ...pulling, metadata };
  });
  const started = performance.now();
  const findings = judged({ recordedAt: now.recordedAt, items });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(findings.map(({ subject, code }) => [subject.name, code])).toEqual([
    ["api", "image-registry-unreachable"],
  ]);
  expect(findings[0]?.affected?.count).toBe(20_000);
  expect(findings[0]?.message.en).toMatch(/^20000 pods, shop\/api-5d9c7b6f4-0 /);
}, 30_000);
