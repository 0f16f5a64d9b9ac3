import path from "node:path";
import type { Locale } from "#common/text.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { ExecutionEvent } from "#server/engine/execution.ts";
import { findDatabaseUrl } from "./database-url.ts";
import { exitCodeOf, type FailOn } from "./exit-code.ts";
import { printReport } from "./print-report.ts";
import { readText } from "./read-text.ts";
import type { Login } from "./remote/login-file.ts";
import { findServer } from "./remote/server.ts";
import type { Report } from "./report.ts";
import { runbookChecks } from "./runbook-checks.ts";
import { confirmedTarget, readConfirmed, type Selected, selectChecks, toSelection } from "./selection.ts";
import { UsageError } from "./sentence-errors.ts";
import { createProgressLine, type Terminal } from "./terminal.ts";
import { loadWords } from "./words.ts";
import { writeJson } from "./write-json.ts";

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
  wait?: boolean;
  /** milliseconds */
  timeout?: number;
  failOn: FailOn;
  insecureHttp?: boolean;
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
  const { env } = around;
  const asksServer = options.cluster !== undefined && (env.WEEKBOOK_API_KEY || !env.DATABASE_URL);
  const server = asksServer ? await findServer(env, options) : null;
  if (server) {
    const report = await carryOutThere(server, options, around);
    return report ? tell(report, options, around) : 0;
  }
  if (options.wait === false || options.timeout !== undefined) {
    throw new UsageError("--no-wait and --timeout are for a run on a server: log in to one first.");
  }
  const { checks: library } = await import("#server/checks/registry.gen.ts");
  const confirmed = options.confirmActive.map(readConfirmed);
  const selected = await selectChecks(options.what, library, { runbooks: runbookChecks, confirmed });
  refuseUnclear(options, selected);
  return tell(await carryOut(options, { ...selected, library }, around), options, around);
}

/** Prints the report and says with which code to end. */
async function tell(
  report: Report,
  options: RunOptions,
  { terminal, project }: Surroundings,
): Promise<number> {
  if (options.json) {
    writeJson(report, terminal);
  } else {
    const load = (namespace: string) => loadWords(project, options.locale, namespace);
    const [cli, verdict, reason] = await Promise.all([load("cli"), load("verdict"), load("reason")]);
    printReport(report, { cli, verdict, reason, locale: options.locale }, terminal);
  }
  return exitCodeOf(report.verdict, options.failOn);
}

async function carryOutThere(
  server: Login,
  options: RunOptions,
  { terminal, project, cwd, signal }: Surroundings,
): Promise<Report | null> {
  const { cluster = "" } = options;
  if (options.kubeconfig !== undefined || options.thisMachine === true) {
    throw new UsageError(
      "--cluster runs on the server, --kubeconfig and --this-machine run here: choose one.",
    );
  }
  const { runRemote } = await import("./remote/run.ts");
  const words = await loadWords(project, options.locale, "cli");
  const report = await runRemote(server, { ...options, cluster }, { terminal, cwd, words, signal });
  if (!report) return null;
  const { ended: _, ...rest } = report;
  return rest;
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

async function carryOut(
  options: RunOptions,
  selected: Selected & { library: readonly Check[] },
  around: Surroundings,
): Promise<Report> {
  const { library } = selected;
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
