import type { Command, Option } from "commander";
import { findingStates } from "#common/finding-states.ts";
import type { Locale } from "#common/text.ts";
import type { Terminal } from "../terminal.ts";
import type { ChangeOptions, FindingChange } from "./change-findings.ts";
import type { FindingsOptions } from "./findings.ts";

type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv };
type Shared = { json: () => Option; locale: () => Option; insecure: () => Option };
type Given = { note?: string; reason?: string; until?: string; locale: Locale; insecureHttp?: boolean };

/** `weekbook findings` and what may be done to them. */
export function addFindingCommands(program: Command, around: Surroundings, shared: Shared): void {
  const findings = program
    .command("findings")
    .description("list what is wrong on the team's clusters, worst first")
    .option("--state <state>", `${findingStates.join(", ")}; without it all that are not resolved`)
    .option("--verdict <verdict>", "fail, unknown or warn")
    .option("--cluster <slug>", "of one cluster")
    .option("--check <id>", "of one check")
    .option("--runbook <slug>", "of one runbook's checks")
    .option("--text <text>", "those that hold this in name, code or message")
    .option("--mine", "what the key's maker acknowledged or muted")
    .option("--limit <count>", "how many at most", "200")
    .addOption(shared.insecure())
    .addOption(shared.json())
    .addOption(shared.locale())
    .action(async (options: FindingsOptions) =>
      (await import("./findings.ts")).findingsCommand(options, around),
    );
  // Options of the list are no options of what is done to one.
  findings.enablePositionalOptions();
  const change = (name: string, description: string) =>
    findings
      .command(name)
      .description(description)
      .argument("<finding...>", "their ids, or the addresses of their pages")
      .addOption(shared.insecure())
      .addOption(shared.locale());
  const send = async (
    to: FindingChange,
    ids: string[],
    body: Record<string, string> | undefined,
    options: ChangeOptions,
  ) => (await import("./change-findings.ts")).changeFindings({ to, ids, body }, options, around);

  change("ack", "say that they are known")
    .requiredOption("--note <text>", "why they may stand")
    .action((ids: string[], { note = "", ...options }: Given) => send("acknowledge", ids, { note }, options));
  change("mute", "keep them quiet until a time")
    .requiredOption("--reason <text>", "why")
    .requiredOption("--until <time>", "12h, 7d, 2w, a day, or a moment with its zone")
    .action(async (ids: string[], { reason = "", until = "", ...options }: Given) => {
      const { readUntil } = await import("./change-findings.ts");
      return send("mute", ids, { reason, until: readUntil(until, new Date()) }, options);
    });
  change("unmute", "end their mute").action((ids: string[], options: Given) =>
    send("unmute", ids, undefined, options),
  );
  change("reopen", "take back that they are known or resolved").action((ids: string[], options: Given) =>
    send("reopen", ids, undefined, options),
  );
}
