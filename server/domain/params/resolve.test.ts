import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { ParamValues } from "#common/contracts/param.ts";
import { defineCheck } from "#server/checks/define-check.ts";
import { refusedNames, resolveParams } from "./resolve.ts";
import { resolveOnClusters, selectionOn } from "./resolve-on-clusters.ts";

const text = { en: "An example", "zh-CN": "一个例子" };
const about = { version: 1, title: text, why: text, remedy: text, needs: {} };
const judge = () => ({ findings: [] });
const check = defineCheck({
  ...about,
  id: "kubernetes/example",
  params: z.object({
    warnPercent: z.number().min(0).max(100).default(5),
    failPercent: z.number().min(0).max(100).default(50),
    strict: z.boolean().default(false),
    name: z.string().min(1).max(20),
  }),
  judge,
});
const ordered = defineCheck({
  ...about,
  id: "kubernetes/ordered",
  params: z
    .object({ warn: z.number().default(10), fail: z.number().default(20) })
    .refine(({ warn, fail }) => warn <= fail, { path: ["warn"] }),
  judge,
});

const layer = fc.record(
  {
    warnPercent: fc.integer({ min: 0, max: 100 }),
    failPercent: fc.integer({ min: 0, max: 100 }),
    strict: fc.boolean(),
    name: fc.string({ minLength: 1, maxLength: 20 }),
  },
  { requiredKeys: [] },
);
const defaults: ParamValues = { warnPercent: 5, failPercent: 50, strict: false };

test("the nearest layer that has a value gives it, name by name", () => {
  fc.assert(
    fc.property(layer, layer, layer, (team, cluster, run) => {
      const resolved = resolveParams(check, { team, cluster, run });
      const wanted: ParamValues = {};
      for (const name of Object.keys(check.params.shape)) {
        const from = [run, cluster, team, defaults].find((values) => Object.hasOwn(values, name));
        if (from) wanted[name] = (from as ParamValues)[name];
      }
      expect(resolved.ignored).toEqual([]);
      if (Object.hasOwn(wanted, "name")) expect(resolved).toMatchObject({ ok: true, params: wanted });
      else expect(resolved.ok).toBe(false);
    }),
  );
});

test("whatever is kept, a run that is right in itself begins, and what was left out is named", () => {
  const anything = fc.dictionary(
    fc.oneof(fc.constantFrom("warnPercent", "name", "strict", "__proto__", "constructor"), fc.string()),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(anything, anything, (team, cluster) => {
      const resolved = resolveParams(check, { team, cluster, run: { name: "web" } });
      expect(resolved.ok).toBe(true);
      for (const [from, values] of [["team", team] as const, ["cluster", cluster] as const]) {
        const ignored = resolved.ignored.filter((each) => each.from === from).map(({ name }) => name);
        expect(refusedNames(check, values).toSorted()).toEqual(ignored.toSorted());
      }
    }),
  );
});

test("a stored value that a new version refuses is ignored and said so, never a crash", () => {
  const layers = {
    team: { warnPercent: 7, gone: 1 },
    cluster: { warnPercent: "many" },
    run: { name: "web" },
  };
  expect(resolveParams(check, layers)).toMatchObject({
    ok: true,
    params: { warnPercent: 7 },
    ignored: [
      { from: "team", name: "gone" },
      { from: "cluster", name: "warnPercent" },
    ],
  });
});

test("where kept values break a rule together, the cluster's yield; what this run breaks is an error", () => {
  const kept = { team: { fail: 15 }, cluster: { warn: 18 } };
  expect(resolveParams(ordered, { ...kept, run: {} })).toEqual({
    ok: true,
    params: { warn: 10, fail: 15 },
    ignored: [{ from: "cluster", name: "warn" }],
  });
  const own = resolveParams(ordered, { team: { fail: 15 }, cluster: {}, run: { warn: 18 } });
  expect(own).toMatchObject({ ok: false, ignored: [] });
});

test("this run's own wrong value is an error at its field, whatever is kept", () => {
  const resolved = resolveParams(check, {
    team: { name: "web" },
    cluster: {},
    run: { warnPercent: 101 },
  });
  expect(resolved.ok ? [] : resolved.error.issues.map(({ path }) => path)).toEqual([["warnPercent"]]);
});

test("clusters that agree share their parameters, and each gets its own where they do not", () => {
  const keptOf = (_: string, clusterId: string) => ({
    team: { warnPercent: 7 },
    cluster: clusterId === "b" ? { warnPercent: 9, failPercent: "x" } : {},
  });
  const run = { name: "web" };
  const same = resolveOnClusters(check, run, { clusterIds: ["a", "c"], keptOf });
  expect(same).toEqual({ params: { warnPercent: 7, failPercent: 50, strict: false, name: "web" } });
  const differing = resolveOnClusters(check, run, { clusterIds: ["b", "a"], keptOf });
  if ("error" in differing) throw differing.error;
  const selection = [{ id: check.id, ...differing, document: "text" }];
  const [onA] = selectionOn(selection, "a");
  const [onB] = selectionOn(selection, "b");
  expect(onA).toMatchObject({ id: check.id, document: "text", params: { warnPercent: 7 } });
  expect(onA?.ignored).toBeUndefined();
  expect(onB).toMatchObject({
    params: { warnPercent: 9 },
    ignored: [{ from: "cluster", name: "failPercent" }],
  });
});
