import { expect, test } from "vitest";
import { createGate, type Tenant } from "./gate.ts";

const never = new AbortController().signal;
function tenant(name: string, left: string[]): Tenant & { busy: boolean } {
  const own = { busy: true, idle: () => !own.busy, leave: () => void left.push(name) };
  return own;
}

test("who waits gets the place of the one that has been idle for longest", async () => {
  const left: string[] = [];
  const gate = createGate(2);
  const [a, b, c] = [tenant("a", left), tenant("b", left), tenant("c", left)];
  await gate.enter(a, never);
  await gate.enter(b, never);
  let isIn = false;
  const waiting = gate.enter(c, never).then(() => {
    isIn = true;
  });
  await Promise.resolve();
  expect([isIn, left]).toEqual([false, []]);
  b.busy = false;
  gate.rests(b);
  await waiting;
  expect(left).toEqual(["b"]);
  await gate.enter(a, never);
  expect(left).toEqual(["b"]);
});

test("who leaves makes room, who gives up waits no longer", async () => {
  const gate = createGate(1);
  const left: string[] = [];
  const [a, b, c] = [tenant("a", left), tenant("b", left), tenant("c", left)];
  await gate.enter(a, never);
  const stop = new AbortController();
  const givesUp = gate.enter(b, stop.signal);
  const waits = gate.enter(c, never);
  stop.abort(new Error("enough"));
  await expect(givesUp).rejects.toThrow("enough");
  gate.left(a);
  await waits;
  expect(left).toEqual([]);
});
