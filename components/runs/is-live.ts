import type { RunView } from "#common/contracts/run.ts";

export function isLive(run: Pick<RunView, "status">): boolean {
  return run.status === "queued" || run.status === "running";
}
