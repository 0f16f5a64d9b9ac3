import { type Command, InvalidArgumentError, Option } from "commander";
import { failOnChoices } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { addFindingCommands } from "./finding-commands.ts";
import { loginCommand, logoutCommand } from "./login.ts";
import type { ExportOptions, ResultsOptions } from "./results.ts";

type Surroundings = { terminal: Terminal; project: string; cwd: string; env: NodeJS.ProcessEnv };
type Shared = { json: () => Option; locale: () => Option };

/** The commands that ask a Weekbook server, with an API key. */
export function addRemoteCommands(program: Command, around: Surroundings, { json, locale }: Shared): void {
  program
    .command("login")
    .description(
      "keep an API key for the commands that ask a server; the key is read from stdin or asked for",
    )
    .requiredOption("--url <address>", "the server, as https://weekbook.example.com")
    .addOption(insecureOption())
    .action((options: { url: string; insecureHttp?: boolean }) =>
      loginCommand(options, { ...around, stdin: process.stdin }),
    );
  program
    .command("logout")
    .description("forget the API key that login kept")
    .action(() => logoutCommand(around));
  program
    .command("results")
    .description("print what a run on the server came to")
    .argument("<run>", "the run's id, or the address of its page")
    .addOption(failOnOption())
    .addOption(insecureOption())
    .addOption(json())
    .addOption(locale())
    .action(async (run: string, options: ResultsOptions) => {
      const { resultsCommand } = await import("./results.ts");
      process.exitCode = await resultsCommand(run, options, around);
    });
  program
    .command("export")
    .description("write a run on the server as a file, in any format that the server knows")
    .argument("<run>", "the run's id, or the address of its page")
    .requiredOption("--format <format>", "html, json, csv, junit, sarif, policyreport …")
    .option("--output <file>", "where to, instead of stdout")
    .addOption(insecureOption())
    .addOption(locale())
    .action(async (run: string, options: ExportOptions) =>
      (await import("./results.ts")).exportCommand(run, options, around),
    );
  addFindingCommands(program, around, { json, locale, insecure: insecureOption });
}

/** What `weekbook run` takes besides, for a run on a server. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--wait", "wait for the run to end; this is the default")
    .option("--no-wait", "on a server: print the run's id as soon as it is begun")
    .option("--timeout <time>", "on a server: wait no longer than 90s, 10m, 1h", readTime)
    .addOption(failOnOption())
    .addOption(insecureOption());
}

function failOnOption(): Option {
  return new Option("--fail-on <verdict>", "the least verdict that does not end with 0")
    .choices([...failOnChoices])
    .default("warn");
}

function insecureOption(): Option {
  return new Option("--insecure-http", "send the key over plain http, where everybody on the way reads it");
}

/** Milliseconds. */
export function readTime(text: string): number {
  const [, count, unit = "s"] = /^(\d{1,6})([smh])?$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3_600 }[unit];
  if (count === undefined || seconds === undefined)
    throw new InvalidArgumentError("Write it as 90s, 10m or 1h.");
  return Number(count) * seconds * 1_000;
}
