import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, fakeCheck, fakeCluster, fakeHost, outcomesOf } from "#testing/fake-targets.ts";
import { host } from "../checks/needs/host.ts";
import { kinds, kubernetes } from "../checks/needs/kubernetes.ts";
import { execute } from "./execute.ts";
import type { ExecutionEvent, Question } from "./execution.ts";

const nameOf = (object: { metadata?: { name?: string } }) => object.metadata?.name;
const needPool = {
  pods: kubernetes.list(kinds.Pod, nameOf),
  evenPods: kubernetes.list(kinds.Pod, (pod) => (nameOf(pod)?.endsWith("2") ? nameOf(pod) : undefined)),
  oddPods: kubernetes.list(kinds.Pod, (pod) => {
    if (nameOf(pod)?.endsWith("7")) throw new Error("odd");
    return 1;
  }),
  nodes: kubernetes.list(kinds.Node, nameOf),
  services: kubernetes.list(kinds.Service, nameOf, { labelSelector: "a=b" }),
  node: kubernetes.get(kinds.Node, { name: "n1" }, nameOf),
};
const hostPool = {
  load: host.file("/proc/loadavg", Number),
  loadText: host.file("/proc/loadavg", (text) => text),
  missing: host.file("/proc/none", (text) => text),
  few: host.glob("/sys/*", (text) => text, 1),
  all: host.glob("/sys/*", (text) => text),
  ss: host.command(["ss", "-s"], ({ stdout }) => stdout),
};

async function factsOf(questions: Question[]): Promise<Record<string, unknown>> {
  const events: ExecutionEvent[] = [];
  await execute(questions, {
    scope: "s",
    signal: new AbortController().signal,
    onEvent: (event) => {
      events.push(event);
    },
  });
  return Object.fromEntries(
    outcomesOf(events).map(({ key, facts, verdict, coverage }) => [
      key,
      { needs: facts.needs, verdict, coverage },
    ]),
  );
}

const subset = <K extends string>(pool: Record<K, unknown>) => fc.subarray(Object.keys(pool) as K[]);

test("asking together gives each check the facts it would have got alone", async () => {
  const pages = fc.array(
    fc.array(
      fc.nat(99).map((n) => ({ metadata: { name: `p${n}` } })),
      { maxLength: 5 },
    ),
    {
      maxLength: 4,
    },
  );
  const checks = fc.array(fc.tuple(subset(needPool), subset(hostPool)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(pages, checks, async (podPages, wanted) => {
      const make = () => {
        const cluster = fakeCluster({
          pods: { pages: podPages },
          nodes: { pages: [[{ metadata: { name: "n1" } }]] },
        });
        const files = ["x", "y"].map((path) => ({ path, text: path }));
        const machine = fakeHost(
          { "/proc/loadavg": "1.5" },
          { "/sys/*": { type: "glob", files, truncated: false, unreadable: [] } },
        );
        return wanted.flatMap(([kubernetesNeeds, hostNeeds], index) => [
          ask(
            fakeCheck(
              `kubernetes/c${index}`,
              Object.fromEntries(kubernetesNeeds.map((name) => [name, needPool[name]])),
            ),
            cluster.target,
          ),
          ask(
            fakeCheck(`host/c${index}`, Object.fromEntries(hostNeeds.map((name) => [name, hostPool[name]]))),
            machine.target,
          ),
        ]);
      };
      const together = await factsOf(make());
      const alone: Record<string, unknown> = {};
      for (const question of make()) Object.assign(alone, await factsOf([question]));
      expect(together).toEqual(alone);
    }),
    { numRuns: 60 },
  );
});

test("checks that pick alike share what is picked: each object is looked at once", async () => {
  const looked: string[] = [];
  const need = kubernetes.list(kinds.Pod, (pod) => {
    looked.push(nameOf(pod) ?? "");
    return { name: nameOf(pod) };
  });
  const cluster = fakeCluster({
    pods: { pages: [[{ metadata: { name: "a" } }], [{ metadata: { name: "b" } }]] },
  });
  const questions = ["one", "two"].map((id) =>
    ask(fakeCheck(`kubernetes/${id}`, { pods: need }), cluster.target),
  );
  const facts = Object.values(await factsOf(questions));
  expect(looked).toEqual(["a", "b"]);
  expect(facts).toHaveLength(2);
  expect(facts[0]).toMatchObject({ verdict: "pass", needs: { pods: [{ name: "a" }, { name: "b" }] } });
  expect(facts[1]).toEqual(facts[0]);
});
