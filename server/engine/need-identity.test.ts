import { expect, test } from "vitest";
import { z } from "zod";
import { type Check, defineCheck, type Needs } from "../checks/define-check.ts";
import { host, sampled } from "../checks/needs/host.ts";
import { kinds, kubernetes } from "../checks/needs/kubernetes.ts";
import { needIdentities } from "./need-identity.ts";

const words = { en: "x", "zh-CN": "某" };

function checkWith(needs: Needs | ((params: { a: number; b: number }) => Needs)): Check {
  return defineCheck({
    id: "host/example",
    version: 1,
    title: words,
    why: words,
    remedy: words,
    params: z.object({ a: z.number(), b: z.number() }),
    needs,
    judge: () => ({ findings: [] }),
  });
}

const before = { a: 1, b: 1 };
const changed = (check: Check, params: Record<string, unknown>) =>
  needIdentities(check, before).need !== needIdentities(check, params).need;

test("parameters that a need does not look at leave it as it is", () => {
  const constant = checkWith({ need: host.sysctl("net.core.somaxconn") });
  expect(changed(constant, { a: 2, b: 2 })).toBe(false);
  const ofA = checkWith(({ a }) => ({ need: sampled(host.sysctl("vm.overcommit"), a * 1000) }));
  expect(changed(ofA, { a: 1, b: 2 })).toBe(false);
  expect(changed(ofA, { a: 2, b: 1 })).toBe(true);
});

test("a parameter that only what picks has seen makes another need of it, early or late", () => {
  const early = checkWith(({ a }) => ({ need: host.file("/proc/stat", (text) => text.length > a) }));
  expect(changed(early, { a: 2, b: 1 })).toBe(true);
  const late = checkWith((params) => ({ need: host.file("/proc/stat", (text) => text.length > params.a) }));
  expect(changed(late, { a: 2, b: 1 })).toBe(true);
  const spread = checkWith((params) => {
    const { b: _b, ...rest } = params;
    return { need: host.file("/proc/stat", (text) => text.length > rest.a) };
  });
  expect(changed(spread, { a: 2, b: 1 })).toBe(true);
});

test("what is picked, and where from, tell needs apart; whether it is optional does not", () => {
  const of = (needs: Needs) => needIdentities(checkWith(needs), before).need;
  const names = kubernetes.list(kinds.Pod, (pod) => pod.metadata?.name);
  const ips = kubernetes.list(kinds.Pod, (pod) => pod.status?.podIP);
  const nodes = kubernetes.list(kinds.Node, (pod) => pod.metadata?.name);
  expect(new Set([names, ips, nodes].map((need) => of({ need }))).size).toBe(3);
  expect(of({ need: { ...names, optional: true } })).toBe(of({ need: names }));
});
