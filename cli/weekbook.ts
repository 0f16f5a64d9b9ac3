#!/usr/bin/env node
import path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { type Locale, locales } from "#common/text.ts";
import type { VerifyOptions } from "./audit.ts";
import type { JudgeOptions } from "./judge.ts";
import { addRemoteCommands, addRunOptions } from "./remote/commands.ts";
import type { RetentionOptions } from "./retention.ts";
import type { RunOptions } from "./run.ts";
import { codeOf, exitCodes } from "./sentence-errors.ts";
import { printable, type Terminal } from "./terminal.ts";
import type { VerifyBundleOptions } from "./verify.ts";

// The command line. Reads its environment here, once; what it prints for programs goes to stdout, all else to stderr.
const project = path.join(import.meta.dirname, "..");
const { env } = process;
const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  colours: process.stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  progress: process.stderr.isTTY === true && env.TERM !== "dumb",
};
// Commands are loaded when they are asked for: with the library of checks that takes longer than many a command itself.
// Files are named from where the command was typed; our own are found from the project.
const cwd = process.cwd();
process.chdir(project);

const localeOption = () =>
  new Option("--locale <locale>", "language of what is printed").choices([...locales]).default(localeOf(env));
const jsonOption = () => new Option("--json", "print one JSON document");

const program = new Command("weekbook")
  .description("Runs the checks of Weekbook and prints what they find.")
  .exitOverride()
  .configureOutput({ outputError: () => {} })
  .addHelpText(
    "after",
    "\nExit codes: 0 pass or skip, 1 warn, 2 fail, 3 unknown, 64 wrong usage, 69 database or server away,\n70 a fault of the command, 75 --timeout elapsed, 77 API key refused.",
  );

addRunOptions(program.command("run"))
  .description("run a runbook's checks, one check, or all of them")
  .argument("<runbook|check|all>", "a runbook's name, a check's id, or the word all")
  .option(
    "--cluster <name>",
    "a registered cluster, on the server one is logged in to or in the instance of this machine",
  )
  .option("--team <name>", "the cluster's team, where several have one of that name")
  .option("--kubeconfig <file>", "a cluster by its kubeconfig: no database, nothing is kept")
  .option("--context <name>", "the kubeconfig's context, where it is not the current one")
  .option("--this-machine", "the machine this is typed on: nothing is kept")
  .option("--param <key=value>", "a parameter of the checks; may be repeated", collect, [])
  .option("--document <file>", "the text for checks that take one")
  .option("--confirm-active <check[@host]>", "agree to what an active check does there", collect, [])
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (what: string, options: Omit<RunOptions, "what">) => {
    const stop = new AbortController();
    const onSignal = () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    };
    const { runCommand } = await import("./run.ts");
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
    process.exitCode = await runCommand(
      { ...options, what },
      { terminal, project, cwd, env, signal: stop.signal },
    );
  });
program
  .command("judge")
  .description("judge the stored facts of an earlier run again; reads no target")
  .argument("<run>", "the run's id, as its page's address and --json name it")
  .option("--param <key=value>", "a parameter to judge with; may be repeated", collect, [])
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (runId: string, options: Omit<JudgeOptions, "runId">) => {
    const { signal } = new AbortController();
    const { judgeCommand } = await import("./judge.ts");
    process.exitCode = await judgeCommand({ ...options, runId }, { terminal, project, env, signal });
  });
program
  .command("checks")
  .description("list the checks")
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (options: { json?: boolean; locale: Locale }) =>
    (await import("./list.ts")).listChecksCommand(options, terminal),
  );
program
  .command("runbooks")
  .description("list the runbooks")
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (options: { json?: boolean; locale: Locale }) =>
    (await import("./list.ts")).listRunbooksCommand(options, terminal),
  );
program
  .command("manifest")
  .description("print a ServiceAccount that may read what checks need, for kubectl apply -f -")
  .argument("[runbook|check|all]", "a runbook's name, a check's id, or the word all", "all")
  .action(async (what: string) => (await import("./manifest.ts")).manifestCommand(what, terminal));
program
  .command("retention")
  .description("drop the months of history that the instance does not keep")
  .option("--dry-run", "say what would go, and drop nothing")
  .option(
    "--keep-months <count>",
    "whole months kept before the current one, instead of WEEKBOOK_KEEP_MONTHS",
  )
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (options: RetentionOptions) =>
    (await import("./retention.ts")).retentionCommand(options, { terminal, project, env }),
  );
program
  .command("audit")
  .description("the record of what was done")
  .command("verify")
  .description("check every chain of the audit log, link by link; exit code 2 where one is broken")
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (options: VerifyOptions) => {
    const { verifyAuditCommand } = await import("./audit.ts");
    process.exitCode = await verifyAuditCommand(options, { terminal, project, env });
  });
program
  .command("verify")
  .description(
    "check a signed bundle: that every file in it is as it was signed; exit code 2 where one is not",
  )
  .argument("<file>", "the bundle, as a run's page or weekbook export --format bundle gives it")
  .option(
    "--key <file|url>",
    "whose key: a PEM file or an address; without it the server one is logged in to",
  )
  .option("--insecure-http", "fetch the key over plain http, where anybody on the way can give another")
  .addOption(jsonOption())
  .addOption(localeOption())
  .action(async (file: string, options: VerifyBundleOptions) => {
    const { verifyBundleCommand } = await import("./verify.ts");
    process.exitCode = await verifyBundleCommand(file, options, { terminal, project, cwd, env });
  });

addRemoteCommands(program, { terminal, project, cwd, env }, { json: jsonOption, locale: localeOption });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}

function fail(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const code = error instanceof CommanderError ? exitCodes.usage : codeOf(error);
  const message =
    error instanceof Error ? (code === null ? (error.stack ?? error.message) : error.message) : String(error);
  const sentence = message.replace(/^error: /, "");
  process.stderr.write(`weekbook: ${printable(sentence)}\n`);
  return code ?? exitCodes.internal;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function localeOf(from: NodeJS.ProcessEnv): Locale {
  const language = from.LC_ALL || from.LC_MESSAGES || from.LANG || "";
  return language.startsWith("zh") ? "zh-CN" : "en";
}
