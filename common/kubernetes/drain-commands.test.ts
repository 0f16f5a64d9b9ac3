import { expect, test } from "vitest";
import { drainCommands } from "./drain-commands.ts";

test("all are cordoned first, and flags that give something up stand only where something is given up", () => {
  expect(drainCommands({ nodes: ["node-1", "node-2"], scratch: 0, lost: { count: 0 } }).split("\n")).toEqual([
    "kubectl cordon node-1 node-2",
    "kubectl drain node-1 node-2 --ignore-daemonsets --timeout=30m",
    "# upgrade, and wait until they are Ready, then",
    "kubectl uncordon node-1 node-2",
  ]);
  expect(drainCommands({ nodes: ["a"], scratch: 2, lost: { count: 1 } })).toContain(
    "kubectl drain a --ignore-daemonsets --delete-emptydir-data --force --timeout=30m",
  );
});
