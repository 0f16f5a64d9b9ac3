import { describe, expect, test } from "vitest";
import {
  ask,
  fakeCheck,
  fakeCluster,
  fakeEndpoint,
  fakeFinding,
  fakeHost,
  outcomesOf,
} from "#testing/fake-targets.ts";
import { document } from "../checks/needs/document.ts";
import { host, sampled } from "../checks/needs/host.ts";
import { kinds, kubernetes } from "../checks/needs/kubernetes.ts";
import { optional } from "../checks/needs/need.ts";
import { tls } from "../checks/needs/tls.ts";
import { execute } from "./execute.ts";
import { defaultLimits, type ExecutionEvent, type Limits, type Question } from "./execution.ts";

async function run(
  questions: Question[],
  options: { signal?: AbortSignal; limits?: Partial<Limits>; secrets?: string[] } = {},
) {
  const events: ExecutionEvent[] = [];
  const cost = await execute(questions, {
    scope: "cluster",
    signal: options.signal ?? new AbortController().signal,
    limits: { ...defaultLimits, ...options.limits },
    secrets: options.secrets,
    onEvent: (event) => {
      events.push(event);
    },
  });
  const outcomes = new Map(outcomesOf(events).map((outcome) => [outcome.key, outcome]));
  return { events, outcomes, cost };
}

const pod = (name: string) => ({ metadata: { namespace: "shop", name } });
const nameOf = (object: { metadata?: { name?: string } }) => object.metadata?.name;
const podNames = kubernetes.list(kinds.Pod, nameOf);

describe("merging", () => {
  test("a pattern that was read in part is a gap in a required need and unread in an optional one", async () => {
    const denied = { code: "not-permitted", what: "read /sys/b" } as const;
    const readable = [{ path: "/sys/a", text: "1" }];
    const { target } = fakeHost(
      {},
      { "/sys/*": { type: "glob", files: readable, truncated: false, unreadable: [denied] } },
    );
    const files = host.glob("/sys/*", (text) => text);
    const seen: unknown[] = [];
    const look = (facts: Record<string, unknown>) => {
      seen.push(facts.files);
      return [];
    };
    const { outcomes } = await run([
      ask(fakeCheck("host/required", { files }), target),
      ask(fakeCheck("host/optional", { files: optional(files) }, look), target),
    ]);
    expect(outcomes.get("host/required")).toMatchObject({ verdict: "unknown", reason: denied });
    expect(seen).toEqual([{ unread: denied }]);
  });

  test("each kind and selector is listed once, whoever asks; each check gets its own picks", async () => {
    const { target, asked } = fakeCluster({ pods: { pages: [[pod("a"), pod("b")], [pod("c")]] } });
    const selected = kubernetes.list(kinds.Pod, nameOf, { labelSelector: "app=web" });
    const only = kubernetes.list(kinds.Pod, (object) => (nameOf(object) === "b" ? "b!" : undefined));
    const { outcomes, cost } = await run([
      ask(
        fakeCheck("kubernetes/one", { pods: podNames, nodes: kubernetes.list(kinds.Node, nameOf) }),
        target,
      ),
      ask(fakeCheck("kubernetes/two", { pods: only }), target),
      ask(fakeCheck("kubernetes/three", { selected, pods: podNames }), target),
    ]);
    expect(asked.toSorted()).toEqual(["list nodes", "list pods", "list pods app=web"]);
    expect(outcomes.get("kubernetes/one")?.facts.needs).toEqual({ pods: ["a", "b", "c"], nodes: [] });
    expect(outcomes.get("kubernetes/two")?.facts.needs).toEqual({ pods: ["b!"] });
    expect(outcomes.get("kubernetes/two")?.coverage).toEqual([
      { what: "list pods", read: 3, unit: "pods", missing: [] },
    ]);
    // Shared calls are shown at every question they served, and counted once in the run's total.
    expect(outcomes.get("kubernetes/two")?.cost).toMatchObject({ calls: 2, bytes: 300 });
    expect(cost).toMatchObject({ calls: 4, bytes: 600 });
  });

  test("the same object is got once, and its absence is a value", async () => {
    const { target, asked } = fakeCluster({}, { kubelet: pod("kubelet") });
    const get = (name: string) => kubernetes.get(kinds.Service, { namespace: "kube-system", name }, nameOf);
    const { outcomes } = await run([
      ask(fakeCheck("kubernetes/one", { there: get("kubelet"), gone: get("dns") }), target),
      ask(fakeCheck("kubernetes/two", { there: get("kubelet") }), target),
    ]);
    expect(asked.toSorted()).toEqual(["get services kube-system/dns", "get services kube-system/kubelet"]);
    expect(outcomes.get("kubernetes/one")).toMatchObject({
      verdict: "pass",
      facts: { needs: { there: "kubelet", gone: null } },
    });
  });

  test("all facts of a host are one reading, each path once", async () => {
    const { target, reads } = fakeHost({ "/proc/loadavg": "0.5", "/proc/sys/net/core/somaxconn": "4096\n" });
    const load = host.file("/proc/loadavg", Number);
    const { outcomes } = await run([
      ask(fakeCheck("host/one", { load, backlog: host.sysctl("net.core.somaxconn") }), target),
      ask(fakeCheck("host/two", { load, ss: host.command(["ss", "-lnt"], ({ stdout }) => stdout) }), target),
    ]);
    expect(reads.map((read) => read.map((fact) => fact.type).toSorted())).toEqual([
      ["command", "file", "file"],
    ]);
    expect(outcomes.get("host/one")?.facts.needs).toEqual({ load: 0.5, backlog: "4096" });
    expect(outcomes.get("host/two")?.facts.needs).toEqual({ load: 0.5, ss: "ss -lnt" });
  });

  test("a pattern wanted in different amounts is read once; each gets its share and is told of the rest", async () => {
    const files = ["a", "b", "c"].map((path) => ({ path, text: path }));
    const { target, reads } = fakeHost(
      {},
      { "/sys/*": { type: "glob", files, truncated: false, unreadable: [] } },
    );
    const glob = (limit: number) => host.glob("/sys/*", (text) => text, limit);
    const { outcomes } = await run([
      ask(fakeCheck("host/few", { files: glob(2) }), target),
      ask(fakeCheck("host/all", { files: glob(9) }), target),
    ]);
    expect(reads).toEqual([[expect.objectContaining({ pattern: "/sys/*", limit: 9 })]]);
    expect(outcomes.get("host/all")?.verdict).toBe("pass");
    expect(outcomes.get("host/few")).toMatchObject({ verdict: "unknown", reason: { code: "truncated" } });
  });

  test("handshakes are shared by endpoint and name; null stands for the target's own", async () => {
    const { target, asked } = fakeEndpoint({ a: "answers", api: "answers" }, { host: "api", port: 6443 });
    const { outcomes } = await run([
      ask(fakeCheck("endpoint/one", { shake: tls.handshake({ host: "a", port: 443 }) }), target),
      ask(fakeCheck("endpoint/two", { shake: tls.handshake({ host: "a", port: 443 }) }), target),
      ask(fakeCheck("endpoint/own", { shake: tls.handshake(null) }), target),
      ask(fakeCheck("endpoint/dead", { shake: tls.handshake({ host: "dead", port: 443 }) }), target),
    ]);
    expect(asked.toSorted()).toEqual(["a:443", "api:6443", "dead:443"]);
    expect([...outcomes].map(([key, { verdict }]) => `${key} ${verdict}`).toSorted()).toEqual([
      "endpoint/dead unknown",
      "endpoint/one pass",
      "endpoint/own pass",
      "endpoint/two pass",
    ]);
  });
});

describe("sampled", () => {
  test("two readings, the second holds only what is sampled, a window apart; the rest does not wait", async () => {
    let packets = 0;
    const count = () => {
      packets += 10;
      return String(packets);
    };
    const { target, reads, readAtMs } = fakeHost({ "/proc/net/a": count, "/proc/b": "b" });
    const rate = sampled(host.file("/proc/net/a", Number), 60);
    const { outcomes, events } = await run([
      ask(fakeCheck("host/rate", { rate }), target),
      ask(fakeCheck("host/rate-too", { rate: sampled(host.file("/proc/net/a", Number), 60) }), target),
      ask(fakeCheck("host/plain", { b: host.file("/proc/b", (text) => text) }), target),
    ]);
    expect(reads.map((read) => read.map((fact) => fact.id))).toEqual([
      ["file /proc/net/a", "file /proc/b"],
      ["file /proc/net/a"],
    ]);
    expect((readAtMs[1] ?? 0) - (readAtMs[0] ?? 0)).toBeGreaterThanOrEqual(59);
    const readings = outcomes.get("host/rate")?.facts.needs.rate as
      | { at: number; value: number }[]
      | undefined;
    const [first, second] = readings ?? [];
    expect([first?.value, second?.value]).toEqual([10, 20]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(59);
    expect(outcomesOf(events)[0]?.key).toBe("host/plain");
    expect(outcomes.get("host/rate")?.coverage[0]?.what).toBe("/proc/net/a twice, 0.06 s apart");
  });

  test("the wait ends when the run is cancelled", async () => {
    const cancel = new AbortController();
    const { target, reads } = fakeHost({ "/proc/a": "1" });
    const rate = sampled(host.file("/proc/a", Number), 60_000);
    setTimeout(() => cancel.abort(), 20);
    const { outcomes } = await run([ask(fakeCheck("host/rate", { rate }), target)], {
      signal: cancel.signal,
    });
    expect(outcomes.get("host/rate")).toMatchObject({ verdict: "unknown", reason: { code: "cancelled" } });
    expect(reads).toHaveLength(1);
  });
});

describe("what goes wrong stays where it is", () => {
  test("a pick that throws on one object spoils that need of that check only, and names the object", async () => {
    const { target } = fakeCluster({ pods: { pages: [[pod("a")], [pod("odd"), pod("c")]] } });
    const picky = kubernetes.list(kinds.Pod, (object) => {
      if (nameOf(object) === "odd") throw new TypeError("no containers");
      return 1;
    });
    const { outcomes } = await run([
      ask(fakeCheck("kubernetes/picky", { pods: picky }), target),
      ask(fakeCheck("kubernetes/calm", { pods: podNames }), target),
    ]);
    expect(outcomes.get("kubernetes/picky")).toMatchObject({
      verdict: "unknown",
      reason: { code: "malformed", what: "pods shop/odd", detail: "no containers" },
      facts: { needs: { pods: { unread: { code: "malformed" } } } },
    });
    expect(outcomes.get("kubernetes/calm")).toMatchObject({ verdict: "pass" });
  });

  test("a parse that throws names the file", async () => {
    const { target } = fakeHost({ "/proc/a": "not a number" });
    const strict = host.file("/proc/a", (text) => BigInt(text).toString());
    const { outcomes } = await run([ask(fakeCheck("host/a", { strict }), target)]);
    expect(outcomes.get("host/a")).toMatchObject({ reason: { code: "malformed", what: "/proc/a" } });
  });

  test("needs that cannot be told, and needs that do not fit the target", async () => {
    const { target } = fakeCluster({});
    const broken = fakeCheck("kubernetes/broken", {});
    broken.needs = () => {
      throw new Error("no such parameter");
    };
    const { outcomes } = await run([
      ask(broken, target),
      ask(fakeCheck("kubernetes/elsewhere", { load: host.file("/proc/loadavg", Number) }), target),
    ]);
    expect(outcomes.get("kubernetes/broken")).toMatchObject({
      verdict: "unknown",
      reason: { code: "internal" },
    });
    expect(outcomes.get("kubernetes/elsewhere")).toMatchObject({
      verdict: "skip",
      reason: { code: "no-target" },
    });
  });

  test("a host's own reasons come through", async () => {
    const denied = { code: "not-permitted", what: "/etc/shadow" } as const;
    const { target } = fakeHost({ "/etc/shadow": denied });
    const { outcomes } = await run([
      ask(fakeCheck("host/denied", { file: host.file("/etc/shadow", String) }), target),
      ask(fakeCheck("host/missing", { file: host.file("/etc/none", String) }), target),
      ask(fakeCheck("host/optional", { file: optional(host.file("/etc/none", String)) }), target),
    ]);
    expect(outcomes.get("host/denied")).toMatchObject({ verdict: "unknown", reason: denied });
    expect(outcomes.get("host/missing")).toMatchObject({ verdict: "unknown", reason: { code: "not-found" } });
    expect(outcomes.get("host/optional")).toMatchObject({
      verdict: "pass",
      coverage: [{ optional: true, missing: [{ code: "not-found" }] }],
    });
  });

  test("part of a list forbidden: unknown, with what was read and what was not", async () => {
    const missing = [{ code: "forbidden", what: "list pods in namespace payments" } as const];
    const { target } = fakeCluster({ pods: { pages: [[pod("a")]], missing } });
    const found = (verdict: "warn" | "fail") => () => [fakeFinding(verdict, "a")];
    const { outcomes } = await run([
      ask(fakeCheck("kubernetes/warns", { pods: podNames }, found("warn")), target),
      ask(fakeCheck("kubernetes/fails", { pods: podNames }, found("fail")), target),
    ]);
    expect(outcomes.get("kubernetes/warns")).toMatchObject({
      verdict: "unknown",
      reason: missing[0],
      findings: [{ verdict: "warn" }],
      coverage: [{ read: 1, unit: "pods", missing }],
    });
    expect(outcomes.get("kubernetes/fails")).toMatchObject({ verdict: "fail", coverage: [{ missing }] });
  });

  test("a dead target answers for all its reads at once; another target is not concerned", async () => {
    const dead = fakeCluster({
      pods: { pages: [], hang: true },
      nodes: { pages: [], error: { code: "unreachable", what: "connect to 192.0.2.7:6443" } },
    });
    const alive = fakeCluster({ pods: { pages: [[pod("a")]] } });
    alive.target.key = "other";
    const started = performance.now();
    const { outcomes } = await run([
      ask(fakeCheck("kubernetes/pods", { pods: podNames }), dead.target),
      ask(fakeCheck("kubernetes/nodes", { nodes: kubernetes.list(kinds.Node, nameOf) }), dead.target),
      ask(fakeCheck("kubernetes/alive", { pods: podNames }), alive.target),
    ]);
    expect(performance.now() - started).toBeLessThan(5_000);
    const reason = { code: "unreachable", what: "connect to 192.0.2.7:6443" };
    expect(outcomes.get("kubernetes/pods")).toMatchObject({ verdict: "unknown", reason });
    expect(outcomes.get("kubernetes/nodes")).toMatchObject({ verdict: "unknown", reason });
    expect(outcomes.get("kubernetes/alive")?.verdict).toBe("pass");
  });
});

describe("ends", () => {
  const hanging = () => fakeCluster({ pods: { pages: [[pod("a"), pod("b")]], hang: true } });
  const nodes = kubernetes.list(kinds.Node, nameOf);

  test("cancelled within a second though the connector never answers; what is settled stays", async () => {
    const cancel = new AbortController();
    const { target } = hanging();
    const started = performance.now();
    const questions = [
      ask(fakeCheck("kubernetes/pods", { pods: podNames }), target),
      ask(fakeCheck("kubernetes/nodes", { nodes }), target),
    ];
    const events: ExecutionEvent[] = [];
    await execute(questions, {
      scope: "cluster",
      signal: cancel.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === "outcome" && event.outcome.key === "kubernetes/nodes") cancel.abort();
      },
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(outcomesOf(events).map(({ key, verdict, reason }) => [key, verdict, reason?.code])).toEqual([
      ["kubernetes/nodes", "pass", undefined],
      ["kubernetes/pods", "unknown", "cancelled"],
    ]);
    expect(outcomesOf(events)[1]?.coverage).toEqual([
      { what: "list pods", read: 2, unit: "pods", missing: [{ code: "cancelled", what: "list pods" }] },
    ]);
  });

  test("cancelled before it began", async () => {
    const { target, asked } = hanging();
    const questions = [ask(fakeCheck("kubernetes/pods", { pods: podNames }), target)];
    const { outcomes } = await run(questions, { signal: AbortSignal.abort() });
    expect(outcomes.get("kubernetes/pods")).toMatchObject({
      verdict: "unknown",
      reason: { code: "cancelled" },
    });
    expect(asked).toEqual([]);
  });

  test.each(["checkMs", "runMs"] as const)("%s ends what is not settled as timed out", async (limit) => {
    const { target } = hanging();
    const { outcomes } = await run(
      [
        ask(fakeCheck("kubernetes/both", { pods: podNames, nodes }), target),
        ask(fakeCheck("kubernetes/nodes", { nodes }), target),
      ],
      { limits: { [limit]: 40 } },
    );
    expect(outcomes.get("kubernetes/nodes")?.verdict).toBe("pass");
    expect(outcomes.get("kubernetes/both")).toMatchObject({
      verdict: "unknown",
      reason: { code: "timed-out", what: "list pods", detail: "not done after 0.04 s" },
    });
  });

  test("whoever takes the events may end the run by refusing one", async () => {
    const { target } = hanging();
    const lost = new Error("the fence is lost");
    const execution = execute(
      [
        ask(fakeCheck("kubernetes/pods", { pods: podNames }), target),
        ask(fakeCheck("kubernetes/nodes", { nodes }), target),
      ],
      {
        scope: "cluster",
        signal: new AbortController().signal,
        onEvent: async (event) => {
          if (event.type === "outcome") throw lost;
        },
      },
    );
    await expect(execution).rejects.toBe(lost);
  });
});

describe("what leaves", () => {
  test("each question is judged as soon as its own needs are in", async () => {
    const slow = fakeCluster({ pods: { pages: Array.from({ length: 500 }, () => [pod("a")]) } });
    const { events } = await run([
      ask(fakeCheck("kubernetes/slow", { pods: podNames }), slow.target),
      ask(fakeCheck("kubernetes/quick", { nodes: kubernetes.list(kinds.Node, nameOf) }), slow.target),
      ask(
        fakeCheck("document/given", { text: document.text() }),
        { kind: "document", key: "d", name: "d" },
        { document: "x" },
      ),
    ]);
    expect(
      outcomesOf(events)
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(["document/given", "kubernetes/quick", "kubernetes/slow"]);
    expect(outcomesOf(events)[0]?.key).toBe("document/given");
    const phases = events.filter((event) => event.type === "outcome" || event.key === "kubernetes/slow");
    expect(phases[0]).toMatchObject({ type: "progress", phase: "reading" });
    const counted = phases.flatMap((event) => (event.type === "progress" ? [event.progress?.done ?? 0] : []));
    expect(counted).toEqual(counted.toSorted((a, b) => a - b));
    expect(counted.at(-1)).toBe(500);
    expect(counted.length).toBeLessThan(20);
  });

  test("a document that is not given, and one that is too long", async () => {
    const target = { kind: "document", key: "d", name: "d" } as const;
    const check = fakeCheck("document/x", { text: document.text() });
    const none = await run([ask(check, target)]);
    expect(none.outcomes.get("document/x")).toMatchObject({
      verdict: "skip",
      reason: { code: "not-supplied" },
    });
    const long = await run([ask(check, target, { document: "x".repeat((1 << 20) + 1) })]);
    expect(long.outcomes.get("document/x")).toMatchObject({
      verdict: "unknown",
      reason: { code: "truncated" },
    });
  });

  test("findings are capped with true counts and a note; fingerprints are stable and tell subjects apart", async () => {
    const { target } = fakeCluster({});
    const findings = ["a", "b", "c"].map((name) => fakeFinding(name === "c" ? "fail" : "warn", name));
    const check = fakeCheck("kubernetes/x", { pods: podNames }, () => findings);
    const capped = await run([ask(check, target)], { limits: { findingsPerResult: 2 } });
    expect(capped.outcomes.get("kubernetes/x")).toMatchObject({
      verdict: "fail",
      reason: { code: "truncated", detail: "2 of 3 are kept" },
      counts: { fail: 1, warn: 2 },
      findings: [{ subject: { name: "c" } }, { subject: { name: "a" } }],
    });
    const whole = await run([ask(check, target)]);
    const prints = whole.outcomes.get("kubernetes/x")?.findings.map((finding) => finding.fingerprint) ?? [];
    expect(new Set(prints).size).toBe(3);
    expect(prints.every((print) => /^[0-9a-f]{32}$/.test(print))).toBe(true);
    expect(prints.slice(0, 2)).toEqual(
      capped.outcomes.get("kubernetes/x")?.findings.map((each) => each.fingerprint),
    );
  });

  test("no secret leaves: not in findings, evidence, facts, coverage or reasons", async () => {
    const secret = "s3cr3t-canary-8c1f";
    const { target } = fakeCluster({
      pods: { pages: [[pod(secret)]] },
      nodes: { pages: [], error: { code: "server-error", what: "list nodes", detail: `header ${secret}` } },
    });
    const finding = fakeFinding("fail", "a", {
      observed: secret,
      evidence: [{ source: "pods/a", excerpt: Buffer.from(secret).toString("base64") }],
    });
    const { events } = await run(
      [
        ask(
          fakeCheck("kubernetes/pods", { pods: podNames }, () => [finding]),
          target,
        ),
        ask(fakeCheck("kubernetes/nodes", { nodes: kubernetes.list(kinds.Node, nameOf) }), target),
      ],
      { secrets: [secret] },
    );
    const text = JSON.stringify(events);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString("base64"));
    expect(outcomesOf(events)).toHaveLength(2);
  });
});
