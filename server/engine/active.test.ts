import { expect, test } from "vitest";
import { ask, fakeCheck, fakeCluster, fakeHost, outcomesOf } from "#testing/fake-targets.ts";
import type { Check, Needs } from "../checks/define-check.ts";
import { host } from "../checks/needs/host.ts";
import { kubernetes } from "../checks/needs/kubernetes.ts";
import type { HostConnector, ReadContext } from "../connectors/connector.ts";
import { execute } from "./execute.ts";
import type { ExecutionEvent, Question } from "./execution.ts";

const load = (word: string) => host.active({ argv: ["load", word], limitSeconds: 5 }, ({ stdout }) => stdout);
const active = (id: string, needs: Needs): Check => ({
  ...fakeCheck(id as Check["id"], needs),
  effect: "active",
});

/** A host that notes what is done to it, and does it when `go` says so. */
function loadedHost(go: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = [];
  const flags: unknown[] = [];
  const { target } = fakeHost({});
  const perform: HostConnector["perform"] = async ({ argv }, context) => {
    flags.push(context.active);
    done.push(`begin ${argv[1]}`);
    await go();
    done.push(`end ${argv[1]}`);
    return { stdout: "done", stderr: "", exitCode: 0, timedOut: false };
  };
  return { done, flags, target: { ...target, connector: { ...target.connector, perform } } };
}

async function run(questions: Question[], beforeActive?: (key: string) => Promise<void>) {
  const events: ExecutionEvent[] = [];
  const signal = AbortSignal.timeout(10_000);
  const failure = await execute(questions, {
    scope: "test",
    signal,
    beforeActive,
    onEvent: (event) => void events.push(event),
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { outcomes: outcomesOf(events), failure };
}

test("what is done to a host begins only once it is kept that it begins, and once for each check", async () => {
  const { target, done, flags } = loadedHost();
  const order: string[] = [];
  const check = active("host/load", { one: load("one"), two: load("two") });
  const { outcomes } = await run([ask(check, target)], async (key) => {
    await Promise.resolve();
    order.push(key, ...done);
  });
  expect(order).toEqual(["host/load"]);
  expect(done).toEqual(["begin one", "end one", "begin two", "end two"]);
  expect(flags).toEqual([true, true]);
  expect(outcomes).toMatchObject([{ verdict: "pass" }]);
});

test("nothing is done where that cannot be kept", async () => {
  const { target, done } = loadedHost();
  const lost = new Error("the database is gone");
  const { failure } = await run([ask(active("host/load", { one: load("one") }), target)], () =>
    Promise.reject(lost),
  );
  expect(failure).toBe(lost);
  expect(done).toEqual([]);
});

test("nothing is done where nobody keeps it", async () => {
  const { target, done } = loadedHost();
  const { outcomes } = await run([ask(active("host/load", { one: load("one") }), target)]);
  expect(outcomes).toMatchObject([{ verdict: "unknown", reason: { code: "internal" } }]);
  expect(done).toEqual([]);
});

test("a check that only reads does nothing, whatever its needs say", async () => {
  const { target, done } = loadedHost();
  const begun: string[] = [];
  const before = async (key: string) => void begun.push(key);
  const { outcomes } = await run([ask(fakeCheck("host/load", { one: load("one") }), target)], before);
  expect(outcomes).toMatchObject([{ verdict: "unknown", reason: { code: "internal" } }]);
  const forward = kubernetes.portForward({ namespace: "a", pod: "b", port: 1, send: "", limitSeconds: 1 });
  const cluster = fakeCluster({}).target;
  const forwarding = ask(fakeCheck("kubernetes/forward", { forward }), cluster);
  expect((await run([forwarding], before)).outcomes).toMatchObject([
    { verdict: "unknown", reason: { code: "internal" } },
  ]);
  expect([done, begun]).toEqual([[], []]);
});

test("a target is loaded by one at a time", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let next = 0;
  const { target, done } = loadedHost(() => {
    const at = next++;
    begun[at]?.resolve();
    return gates[at]?.promise ?? Promise.resolve();
  });
  const checks = ["one", "two"].map((word) => active(`host/${word}`, { it: load(word) }));
  const running = run(
    checks.map((check) => ask(check, target)),
    () => Promise.resolve(),
  );
  await begun[0]?.promise;
  expect(done).toEqual(["begin one"]);
  gates[0]?.resolve();
  await begun[1]?.promise;
  expect(done).toEqual(["begin one", "end one", "begin two"]);
  gates[1]?.resolve();
  expect((await running).outcomes).toHaveLength(2);
});

test("only a check that is declared as active reads as one", async () => {
  const contexts: ReadContext[] = [];
  const { target } = fakeCluster({});
  const read = async (_request: unknown, context: ReadContext) => {
    contexts.push(context);
    return { value: { connectedMs: 1 } as never };
  };
  const connected = { ...target, connector: { ...target.connector, read } };
  const needs = { who: kubernetes.identity({}) };
  await run([ask(fakeCheck("kubernetes/who", needs), connected)]);
  const forward = kubernetes.portForward({ namespace: "a", pod: "b", port: 1, send: "", limitSeconds: 1 });
  await run([ask(active("kubernetes/forward", { forward }), connected)], () => Promise.resolve());
  expect(contexts.map((context) => context.active)).toEqual([undefined, true]);
  expect(contexts[0]?.limits).toEqual({ requestMs: 10_000, pages: 500 });
});
