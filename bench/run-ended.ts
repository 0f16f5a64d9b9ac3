import { setTimeout as wait } from "node:timers/promises";
import type { Run } from "#generated/prisma/client.ts";
import type { TestInstance } from "#testing/instance.ts";

const LOOK_MS = 5;

/** The run's row once it has ended. */
export async function runEnded({ db }: TestInstance, runId: string): Promise<Run> {
  for (;;) {
    const run = await db.run.findUniqueOrThrow({ where: { id: runId } });
    if (run.endedAt) return run;
    await wait(LOOK_MS);
  }
}
