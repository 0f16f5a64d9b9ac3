import os from "node:os";
import path from "node:path";
import type { RunSelection } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import type { Check } from "#server/checks/define-check.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { KubeconfigError, type KubernetesAccess } from "#server/connectors/kubernetes/access.ts";
import { createKubernetesConnector } from "#server/connectors/kubernetes/client.ts";
import { readKubeconfigContext } from "#server/connectors/kubernetes/kubeconfig.ts";
import { type Asked, askAll } from "#server/engine/ask.ts";
import { execute } from "#server/engine/execute.ts";
import type { ExecutionEvent, Outcome } from "#server/engine/execution.ts";
import { assembleTargets, type OpenTargets } from "#server/jobs/assemble-targets.ts";
import { thisMachine } from "#server/jobs/open-targets.ts";
import { readText } from "./read-text.ts";
import { type Report, type ReportResult, summarise } from "./report.ts";
import { UsageError } from "./sentence-errors.ts";
import type { Words } from "./words.ts";

/** The person at the keyboard may go wherever the machine may, except to metadata services and link-local addresses. */
const closeRanges = [
  ...["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
  ...["::1/128", "fc00::/7"],
];
const LARGEST_KUBECONFIG_BYTES = 256 << 10;

export type Here = { kubeconfig?: string; context?: string; thisMachine?: boolean };

/** Runs in this process, without web, database or history. */
export async function runHere(
  here: Here,
  work: {
    runbook: string | null;
    selection: RunSelection;
    library: readonly Check[];
    cwd: string;
    kubeconfigWords: Words;
    signal: AbortSignal;
    onEvent: (event: ExecutionEvent) => void;
  },
): Promise<Report> {
  const { opened, cluster } = await openHere(here, work);
  const startedAt = new Date();
  try {
    const asked = askAll(work.selection, work.library, opened.targets);
    const outcomes = new Map<string, Outcome>();
    const cost = await execute(
      asked.flatMap((each) => ("question" in each ? [each.question] : [])),
      {
        scope: cluster,
        signal: work.signal,
        secrets: opened.secrets,
        // Who typed it has agreed, and there is no later attempt that could do it again.
        beforeActive: () => Promise.resolve(),
        onEvent(event) {
          if (event.type === "outcome") outcomes.set(event.outcome.key, event.outcome);
          work.onEvent(event);
        },
      },
    );
    const results = asked.map((each) => toResult(each, outcomes.get(each.key), work.library));
    const ended = { startedAt: startedAt.toISOString(), endedAt: new Date().toISOString() };
    const { runbook } = work;
    return { cluster, runId: null, runbook, ...summarise(results), cost, ...ended, error: null, results };
  } finally {
    await opened.close();
  }
}

async function openHere(
  here: Here,
  { cwd, kubeconfigWords }: { cwd: string; kubeconfigWords: Words },
): Promise<{ opened: OpenTargets; cluster: string }> {
  const dialler = createDialler({ allowedRanges: closeRanges, forbidden: [] });
  const hosts = here.thisMachine ? thisMachine() : undefined;
  if (here.kubeconfig === undefined) {
    return { opened: assembleTargets({ dialler, hosts }), cluster: os.hostname() };
  }
  const access = await readAccess(path.resolve(cwd, here.kubeconfig), here.context, kubeconfigWords);
  const name = here.context ?? new URL(access.server).host;
  const connector = createKubernetesConnector(access, { dialler });
  const { auth } = access;
  const secrets = auth.type === "token" ? [auth.token] : [auth.keyPem];
  return {
    opened: assembleTargets({ kubernetes: { connector, name }, hosts, dialler, secrets }),
    cluster: name,
  };
}

/** By the same strict intake as in the browser: nothing in the file is run, followed or read. */
async function readAccess(
  file: string,
  context: string | undefined,
  words: Words,
): Promise<KubernetesAccess> {
  const text = await readText(file, LARGEST_KUBECONFIG_BYTES);
  try {
    return readKubeconfigContext(text, context);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new UsageError(`${file}: ${words(error.problem, error.values)}`);
  }
}

function toResult(asked: Asked, outcome: Outcome | undefined, library: readonly Check[]): ReportResult {
  const title = library.find((check) => check.id === asked.checkId)?.title;
  const base = {
    check: asked.checkId,
    version: asked.checkVersion,
    title: title ?? { en: asked.checkId, "zh-CN": asked.checkId },
    target: asked.targetName,
    params: asked.params,
  };
  if (outcome) {
    const { verdict, reason = null, counts, coverage, cost, findings, measurements } = outcome;
    return { ...base, verdict, reason, counts, coverage, cost, findings, measurements };
  }
  const nothing = { counts: { ...noCounts }, coverage: [], cost: null, findings: [], measurements: [] };
  if ("question" in asked) {
    const reason = { code: "internal", what: asked.checkId, detail: "it was never settled" } as const;
    return { ...base, verdict: "unknown", reason, ...nothing };
  }
  return { ...base, verdict: asked.verdict, reason: asked.reason, ...nothing };
}
