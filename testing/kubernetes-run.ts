import type { RunSelection } from "#common/contracts/run.ts";
import type { PracticeCluster } from "#sandbox/practice-cluster.ts";
import { expectedFindings } from "#sandbox/truth.ts";
import type { Check } from "#server/checks/define-check.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { readKubeconfigContext } from "#server/connectors/kubernetes/kubeconfig.ts";
import { askAll } from "#server/engine/ask.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { assembleTargets } from "#server/jobs/assemble-targets.ts";
import { connectorTo } from "./kubernetes-client.ts";

/** What is watched or read twice takes its time, and nothing of it has to happen meanwhile. */
export const quickParams = {
  "kubernetes/endpoint-events": { watchSeconds: 1 },
  "kubernetes/istio-diagnostics": { windowSeconds: 1 },
  "kubernetes/istio-headless-services": { windowSeconds: 1 },
  "kubernetes/istio-xds": { windowSeconds: 1 },
  "kubernetes/apiserver-rate-limiting": { windowSeconds: 5 },
  "kubernetes/cluster-certificates": { windowSeconds: 5 },
  "kubernetes/cpu-throttling": { windowSeconds: 5 },
};

type AsUser = {
  user?: keyof PracticeCluster["kubeconfig"];
  params?: Record<string, Record<string, unknown>>;
};

/** Checks of a practice cluster through the engine and a real connection, in this process: outcomes by check. */
export async function runOnPractice(
  practice: PracticeCluster,
  checks: readonly Check[],
  { user = "viewer", params = {} }: AsUser = {},
): Promise<Map<string, Outcome>> {
  const access = readKubeconfigContext(practice.kubeconfig[user]);
  const connector = connectorTo(access, { maxInFlight: 8 });
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
  const opened = assembleTargets({ kubernetes: { connector, name: "practice" }, dialler });
  const selection: RunSelection = checks.map(({ id }) => ({ id, params: params[id] ?? {} }));
  const asked = askAll(selection, checks, opened.targets);
  const idOf = new Map(asked.map(({ key, checkId }) => [key, checkId]));
  const outcomes = new Map<string, Outcome>();
  try {
    await execute(
      asked.flatMap((each) => ("question" in each ? [each.question] : [])),
      {
        scope: "practice",
        signal: AbortSignal.timeout(120_000),
        onEvent: (event) => {
          if (event.type === "outcome") outcomes.set(idOf.get(event.outcome.key) ?? "", event.outcome);
        },
      },
    );
  } finally {
    await opened.close();
  }
  return outcomes;
}

type Found = { verdict: string; code?: string; subject: object };
const line = (checkId: string, { verdict, code, subject }: Found) =>
  `${checkId} ${verdict} ${code} ${JSON.stringify(Object.entries(subject).toSorted())}`;

/** What was found, as lines to compare with those of `truthOf`. */
export function foundIn(outcomes: ReadonlyMap<string, Outcome>): string[] {
  return [...outcomes]
    .flatMap(([id, { findings }]) => findings.map((finding) => line(id, finding)))
    .toSorted();
}

export function truthOf(
  { truth }: Pick<PracticeCluster, "truth">,
  checks: readonly Check[],
  user: "viewer" | "admin" = "viewer",
): string[] {
  return checks
    .flatMap(({ id }) => expectedFindings(truth, id, user).map((finding) => line(id, finding)))
    .toSorted();
}
