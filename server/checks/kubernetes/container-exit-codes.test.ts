import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event, Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import type { Finding } from "#common/result.ts";
import { judgeFacts } from "../../engine/judge.ts";
import { check } from "./container-exit-codes.ts";

type Recording<T> = { recordedAt: string; items: T[] };

function recording<T>(name: string): Recording<T> {
  const path = join(import.meta.dirname, "../../../testing/recordings", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8"));
}

const events = recording<Event>("killing-events").items;
const now = recording<Pod>("pods");
const later = recording<Pod>("pods-60s-later");
const forbidden = { unread: { code: "forbidden", what: "list events" } } as const;

/** Runs the check as the engine does: the picks over the objects, then the judge. */
function judged(pods: Recording<Pod>, kills: Event[] | typeof forbidden = events) {
  const params = check.params.parse({});
  const needs = check.needs(params);
  const picked = (name: string, objects: unknown[]) => {
    const need = needs[name];
    if (need?.type !== "kubernetes.list") throw new Error(`${name} is no list`);
    return objects.map((object) => need.pick(object)).filter((one) => one !== undefined);
  };
  const facts = {
    pods: picked("pods", pods.items),
    replicaSets: [],
    jobs: [],
    kills: Array.isArray(kills) ? picked("kills", kills) : kills,
  };
  return judgeFacts(check, params, JSON.parse(JSON.stringify(facts)), new Date(pods.recordedAt), []).findings;
}

/** "namespace/name container" of every container that has ended, now or before. */
function ended({ items }: Recording<Pod>): string[] {
  return items.flatMap(({ metadata, status }) =>
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
      .filter(({ state, lastState }) => state?.terminated ?? lastState?.terminated)
      .map(({ name }) => `${metadata?.namespace}/${metadata?.name} ${name}`),
  );
}

const place = ({ subject }: Finding) => `${subject.namespace}/${subject.name} ${subject.part}`;
const table = (findings: Finding[]) =>
  Object.fromEntries(findings.map((finding) => [place(finding), `${finding.verdict} ${finding.code}`]));

/** What each ended container must be judged as; null: ended as it should. */
const meant: Record<string, string | null> = {
  "demo/bad-command main": "fail start-error",
  "demo/exit3 main": "fail application-error",
  "demo/job-ok-b2d54 main": null,
  "demo/liveness-fail main": "fail liveness-probe",
  "demo/multi init": null,
  "demo/no-sigterm main": "warn killed-on-delete",
  "demo/oom main": "fail out-of-memory",
  "demo/oom-child main": "fail out-of-memory-child",
  "more/deadline main": "warn deadline-exceeded",
  "more/evict-emptydir main": "warn evicted",
  "more/evict-ephemeral main": "warn evicted",
  "more/exit0-restart main": "pass ended-cleanly",
  "more/init-fail setup": "fail application-error",
  "more/liveness-slow main": "fail liveness-probe",
  "more/poststart-fail main": "fail post-start-hook",
  "more/segv main": "fail application-error",
  "more/startup-fail main": "fail startup-probe",
  "more/term-message main": "fail application-error",
};
const found = Object.fromEntries(Object.entries(meant).filter(([, verdict]) => verdict !== null));

test.each([
  ["a list", now],
  ["the list a minute later", later],
])("every ended container of %s gets its meaning, and nothing else is found", (_, pods) => {
  expect(ended(pods).sort()).toEqual(Object.keys(meant).sort());
  expect(table(judged(pods))).toEqual(found);
});

test("a minute later the same findings stand: no crash loop is new because it ran for a moment", () => {
  const identities = (findings: Finding[]) =>
    findings.map(({ subject, code }) => JSON.stringify([subject, code])).sort();
  expect(identities(judged(later))).toEqual(identities(judged(now)));
});

test("without events a kill is told honestly, and nothing else changes", () => {
  const findings = judged(now, forbidden);
  const unexplained = ["demo/liveness-fail main", "more/liveness-slow main", "more/poststart-fail main"];
  const expected = Object.fromEntries(unexplained.map((one) => [one, "fail killed"]));
  expect(table(findings)).toEqual({ ...found, ...expected, "more/startup-fail main": "fail killed" });
  const killed = findings.find(({ code }) => code === "killed");
  expect(killed?.message.en).toContain("does not say by whom, and the events could not be read");
  const withEvents = judged(now, []).find(({ code }) => code === "killed");
  expect(withEvents?.message.en).toContain("Neither the pod object nor the events");
});

test("what was said about a kill: by whom, how often, and that it was not memory", () => {
  const slow = judged(now).find((finding) => place(finding) === "more/liveness-slow main");
  expect(slow?.message.en).toContain("its liveness probe failed: 6 times");
  expect(slow?.observed).toBe("exit code 137, reason Error; 5 restarts");
});

test("128 + n is told as a signal even without the signal field, and $$ in a command is no segmentation fault", () => {
  expect(table(judged(recording<Pod>("pods-segmentation-fault")))).toEqual({
    "more/segv main": "fail application-error",
    "more/segv139 main": "warn segmentation-fault",
  });
});

test("20,000 pods of one Deployment that crash are one finding, in good time", () => {
  const items = Array.from({ length: 20_000 }, (_, index): Pod => {
    const owner = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      name: "api-5d9c7b6f4",
      uid: "r",
      controller: true,
    };
    const terminated = { exitCode: 137, reason: "OOMKilled", finishedAt: "2026-11-22T18:49:00Z" };
    return {
      metadata: {
        namespace: "shop",
        name: `api-5d9c7b6f4-${index}`,
        uid: `p${index}`,
        labels: { "pod-template-hash": "5d9c7b6f4" },
        ownerReferences: [owner],
      },
      spec: { containers: [{ name: "main" }] },
      status: {
        phase: "Running",
        containerStatuses: [
          {
            name: "main",
            image: "",
            imageID: "",
            ready: true,
            restartCount: 2,
            state: { running: {} },
            lastState: { terminated },
          },
        ],
      },
    };
  });
  const started = performance.now();
  const findings = judged({ recordedAt: now.recordedAt, items });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(findings.map(({ subject }) => subject)).toEqual([
    { kind: "Deployment", namespace: "shop", name: "api", part: "main" },
  ]);
  expect(findings[0]?.affected?.count).toBe(20_000);
  expect(findings[0]?.affected?.sample).toHaveLength(50);
}, 30_000);
