import { shellCommand } from "./shell.ts";

type Batch = { nodes: string[]; scratch: number; lost: { count: number } };

/**
 * What a person types for one step. All are cordoned before the first is drained, so that nothing moves from one to the
 * next; flags that give something up are there only where something is given up.
 */
export function drainCommands({ nodes, scratch, lost }: Batch): string {
  const flags = [
    "--ignore-daemonsets",
    ...(scratch > 0 ? ["--delete-emptydir-data"] : []),
    ...(lost.count > 0 ? ["--force"] : []),
    "--timeout=30m",
  ];
  return [
    shellCommand("kubectl", "cordon", ...nodes),
    shellCommand("kubectl", "drain", ...nodes, ...flags),
    "# upgrade, and wait until they are Ready, then",
    shellCommand("kubectl", "uncordon", ...nodes),
  ].join("\n");
}
