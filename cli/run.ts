import path from "node:path";
import type { Locale } from "#common/text.ts";
import { exitCode } from "#common/verdict.ts";
import { checks as library } from "#server/checks/registry.gen.ts";
import type { ExecutionEvent } from "#server/engine/execution.ts";
import { findDatabaseUrl } from "./database-url.ts";
import { writeJson } from "./list.ts";
import { printReport } from "./print-report.ts";
import { readText } from "./read-text.ts";
import type { Report } from "./report.ts";
import { runbookChecks } from "./runbook-checks.ts";
import { confirmedTarget, readConfirmed, type Selected, selectChecks, toSelection } from "./selection.ts";
import { UsageError } from "./sentence-errors.ts";
import { createProgressLine, type Terminal } from "./terminal.ts";
import { loadWords } from "./words.ts";

export type RunOptions = {
  what: string;
  cluster?: string;
  team?: string;
  kubeconfig?: string;
  context?: string;
  thisMachine?: boolean;
  param: string[];
  document?: string;
  confirmActive: string[];
  json?: boolean;
  locale: Locale;
};
type Surroundings = {
  terminal: Terminal;
  project: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
};

const LARGEST_DOCUMENT_BYTES = 1 << 20;

/** `weekbook run`: resolves with the process's exit code. */
export async function runCommand(options: RunOptions, around: Surroundings): Promise<number> {
  const { terminal, project } = around;
  const confirmed = options.confirmActive.map(readConfirmed);
  const selected = await selectChecks(options.what, library, { runbooks: runbookChecks, confirmed });
  refuseUnclear(options, selected);
  const report = await carryOut(options, selected, around);
  if (options.json) {
    writeJson(report, terminal);
  } else {
    const load = (namespace: string) => loadWords(project, options.locale, namespace);
    const [cli, verdict, reason] = await Promise.all([load("cli"), load("verdict"), load("reason")]);
    printReport(report, { cli, verdict, reason, locale: options.locale }, terminal);
  }
  return exitCode(report.verdict);
}

function refuseUnclear(options: RunOptions, { checks }: Selected): void {
  const isHere = options.kubeconfig !== undefined || options.thisMachine === true;
  if (options.cluster !== undefined && isHere) {
    throw new UsageError(
      "--cluster runs in the instance, --kubeconfig and --this-machine run here: choose one.",
    );
  }
  if (options.context !== undefined && options.kubeconfig === undefined) {
    throw new UsageError("--context belongs to --kubeconfig.");
  }
  if (options.team !== undefined && options.cluster === undefined) {
    throw new UsageError("--team belongs to --cluster.");
  }
  const needsTarget = checks.some((check) => check.target === "kubernetes" || check.target === "host");
  if (options.cluster === undefined && !isHere && needsTarget) {
    throw new UsageError("Say what to ask: --cluster NAME, --kubeconfig FILE or --this-machine.");
  }
}

function confirmedOf(options: RunOptions, { checks }: Selected): { check: string; target: string }[] {
  return options.confirmActive.map(readConfirmed).flatMap((confirmed) => {
    const check = checks.find(({ id }) => id === confirmed.check);
    return check
      ? [{ check: check.id, target: confirmedTarget(check, confirmed, options.cluster === undefined) }]
      : [];
  });
}

async function carryOut(options: RunOptions, selected: Selected, around: Surroundings): Promise<Report> {
  const { terminal, project, cwd, env, signal } = around;
  const document =
    options.document === undefined
      ? undefined
      : await readText(path.resolve(cwd, options.document), LARGEST_DOCUMENT_BYTES);
  const selection = toSelection(selected.checks, {
    params: options.param,
    document,
    kept: options.cluster !== undefined,
  });
  const confirmed = confirmedOf(options, selected);
  const words = await loadWords(project, options.locale, "cli");
  const line = createProgressLine(terminal);
  const work = { runbook: selected.runbook, selection, library, signal };
  try {
    if (options.cluster === undefined) {
      const { runHere } = await import("./run-here.ts");
      const kubeconfigWords = await loadWords(project, options.locale, "kubeconfig");
      const agreed = selection.map((each) => ({
        ...each,
        confirmed: confirmed
          .filter(({ check }) => check === each.id)
          .map(({ target }) => ({ cluster: "", target })),
      }));
      return await runHere(options, {
        ...work,
        selection: agreed,
        cwd,
        kubeconfigWords,
        onEvent: teller(selection.length),
      });
    }
    const databaseUrl = findDatabaseUrl(env, project);
    const { runRegistered } = await import("./run-registered.ts");
    return await runRegistered({
      ...work,
      ...{ cluster: options.cluster, team: options.team, confirmed },
      databaseUrl,
      onNote: (sentence) => terminal.err.write(`${sentence}\n`),
      onProgress: (done, of) => line.show(words("progress", { done, of })),
    });
  } finally {
    line.clear();
  }

  function teller(of: number) {
    let done = 0;
    return (event: ExecutionEvent) => {
      if (event.type === "outcome") done += 1;
      const reading = event.type === "progress" ? event.progress : undefined;
      const detail = reading ? ` · ${reading.done} ${reading.unit}` : "";
      line.show(`${words("progress", { done, of })}${detail}`);
    };
  }
}
