// A team, its clusters and its workers, on a database of their own.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Run, RunPart } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import { getCluster } from "#server/domain/clusters/get.ts";
import { setBudget } from "#server/domain/clusters/set-budget.ts";
import { startRun } from "#server/domain/runs/start.ts";
import { createTestInstance } from "#testing/instance.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";

const LOOK_MS = 5;

/** Checks of a kind of target that can be asked without a parameter and change nothing. */
export function plainChecks(target: Check["target"]): Check[] {
  return checks.filter(
    (check) => check.target === target && check.effect === "read" && check.params.safeParse({}).success,
  );
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld() {
  const instance = await createTestInstance();
  const ctx = await instance.member(await instance.team(), "admin");
  const workers: WorkerProcess[] = [];
  return {
    instance,
    ctx,
    async startWorkers(count: number): Promise<WorkerProcess[]> {
      const { url, workerKeys: keys } = instance;
      for (let more = 0; more < count; more += 1) workers.push(await startWorkerProcess({ url, keys }));
      return workers;
    },
    async stopWorkers(): Promise<void> {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
    /** Registers a cluster, with a budget that does not slow it down; returns its slug. */
    async register(name: string, kubeconfig: string): Promise<string> {
      const source = { type: "kubeconfig", text: kubeconfig } as const;
      const { slug } = await connectCluster({ ctx, input: { name, production: false, source } });
      const { connections } = await getCluster({ ctx, input: { cluster: slug } });
      const budget = { ratePerSecond: 1_000, burst: 2_000, inFlight: 4 };
      const connectionId = connections[0]?.id ?? "";
      await setBudget({ ctx, input: { cluster: slug, connectionId, budget } });
      return slug;
    },
    async start(clusters: string[], which: readonly Check[]): Promise<string> {
      const { runId } = await startRun({
        ctx,
        input: {
          clusters,
          runbook: null,
          checks: which.map(({ id }) => ({ id, params: {} })),
          confirmActive: [],
          idempotencyKey: randomUUID(),
        },
      });
      return runId;
    },
    /** The run's row and its parts once it has ended. */
    async ended(runId: string): Promise<Run & { parts: RunPart[] }> {
      for (;;) {
        const run = await instance.db.run.findUniqueOrThrow({
          where: { id: runId },
          include: { parts: true },
        });
        if (run.endedAt) return run;
        await wait(LOOK_MS);
      }
    },
    async close(): Promise<void> {
      await this.stopWorkers();
      await instance.close();
    },
  };
}
