import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Reason } from "#common/result.ts";
import { kinds, kubernetes } from "#server/checks/needs/kubernetes.ts";
import { ask, fakeCheck, fakeCluster, outcomesOf } from "#testing/fake-targets.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { Target } from "../connectors/connector.ts";
import { execute } from "../engine/execute.ts";
import type { ExecutionEvent } from "../engine/execution.ts";
import { closeBreakers, openBreakers } from "./breakers.ts";

const check = fakeCheck("kubernetes/example", { pods: kubernetes.list(kinds.Pod, () => undefined) });
const dead: Reason = { code: "unreachable", what: "connect to api", detail: "ECONNREFUSED" };

let instance: TestInstance;
let part: { clusterId: string; teamId: string };

beforeAll(async () => {
  instance = await createTestInstance();
  const teamId = (await instance.team()).id;
  part = { teamId, clusterId: (await makeCluster({ db: instance.db, teamId }, "prod")).id };
});
beforeEach(() => instance.db.targetBreaker.deleteMany());
afterAll(() => instance.close());

const cluster = (error?: Reason) => fakeCluster({ pods: { pages: [], error } });
const row = () => instance.db.targetBreaker.findFirst({ where: part });
/** as if so much time had gone by */
const pass = (seconds: number) =>
  instance.pool.query(
    `UPDATE target_breaker SET "openUntil" = "openUntil" - make_interval(secs => $1),
       "probeUntil" = "probeUntil" - make_interval(secs => $1)`,
    [seconds],
  );

/** What a worker of its own makes of the target: as much as any other knows, that is what the database knows. */
async function worker(target: Target) {
  const onError = (error: unknown) => {
    throw error;
  };
  const breakers = await openBreakers({ db: instance.db, part, targets: [target], onError });
  return {
    async run() {
      const events: ExecutionEvent[] = [];
      const signal = new AbortController().signal;
      const onEvent = (event: ExecutionEvent) => void events.push(event);
      await execute([ask(check, target)], { scope: "prod", signal, breakers, onEvent });
      await breakers.settled();
      return outcomesOf(events)[0];
    },
  };
}
const runOnce = async (target: Target) => (await worker(target)).run();

describe("a target that one worker found dead", () => {
  test("is asked by no other: each answers at once, unknown, with the reason and when it is asked again", async () => {
    await runOnce(cluster(dead).target);
    const others = [cluster(), cluster()];
    const answers = await Promise.all(others.map(({ target }) => runOnce(target)));
    for (const outcome of answers) {
      expect(outcome).toMatchObject({
        verdict: "unknown",
        reason: { ...dead, detail: expect.stringMatching(/^ECONNREFUSED; found at .* asked again after/) },
      });
    }
    expect(others.flatMap(({ asked }) => asked)).toEqual([]);
  });

  test("is tried by one worker when its time is up, and is open to all once it has answered", async () => {
    await runOnce(cluster(dead).target);
    await pass(15);
    const [first, second] = [cluster(), cluster()];
    const workers = await Promise.all([worker(first.target), worker(second.target)]);
    const outcomes = await Promise.all(workers.map((each) => each.run()));
    expect(outcomes.map((outcome) => outcome?.verdict).toSorted()).toEqual(["pass", "unknown"]);
    expect([first, second].map(({ asked }) => asked.length).toSorted()).toEqual([0, 1]);
    expect(await row()).toBeNull();
    expect((await runOnce(cluster().target))?.verdict).toBe("pass");
  });

  test("is left alone twice as long when it is still dead, and no longer than five minutes", async () => {
    const opened: number[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      await runOnce(cluster(dead).target);
      const found = await row();
      opened.push(Math.round((Number(found?.openUntil) - Number(found?.foundAt)) / 1000));
      await pass(300);
    }
    expect(opened).toEqual([15, 30, 60, 120, 240, 300, 300]);
  });

  test("may be tried by another when who was to try it is gone", async () => {
    await runOnce(cluster(dead).target);
    await pass(15);
    await worker(cluster().target);
    expect((await runOnce(cluster().target))?.verdict).toBe("unknown");
    await pass(20);
    expect((await runOnce(cluster().target))?.verdict).toBe("pass");
  });

  test("is found dead once, however many find it so at the same time", async () => {
    const workers = await Promise.all(Array.from({ length: 5 }, () => worker(cluster(dead).target)));
    await Promise.all(workers.map((each) => each.run()));
    expect(await row()).toMatchObject({ failures: 1 });
  });

  test("is asked again at once after its connection was tested; only what is behind that connection", async () => {
    await runOnce(cluster(dead).target);
    await closeBreakers(instance.db, part.clusterId, "host");
    expect((await runOnce(cluster().target))?.verdict).toBe("unknown");
    await closeBreakers(instance.db, part.clusterId, "kubernetes");
    expect((await runOnce(cluster().target))?.verdict).toBe("pass");
  });
});

test.each([
  { code: "unauthorized", what: "list pods" },
  { code: "timed-out", what: "connect to api" },
] satisfies Reason[])("$code: $what is found dead", async (reason) => {
  await runOnce(cluster(reason).target);
  expect(await row()).toMatchObject({ target: "kubernetes api", reason });
});

test.each([
  { code: "forbidden", what: "list pods" },
  { code: "timed-out", what: "list pods" },
  { code: "refused-address", what: "connect to api" },
  { code: "credential-unreadable", what: "open the stored credential" },
] satisfies Reason[])("$code: $what is not, for it is known at once or passes", async (reason) => {
  await runOnce(cluster(reason).target);
  expect(await row()).toBeNull();
});

test("a refusal is an answer: the target is there", async () => {
  await runOnce(cluster(dead).target);
  await pass(15);
  await runOnce(cluster({ code: "forbidden", what: "list pods" }).target);
  expect(await row()).toBeNull();
});
