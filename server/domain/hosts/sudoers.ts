import type { z } from "zod";
import type { sudoersSchema } from "#common/contracts/host.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { HostCommandRequest } from "#server/checks/needs/need.ts";
import type { TeamContext } from "../context.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { findGroup } from "./find-group.ts";

type Sudoers = { ctx: TeamContext; input: z.output<typeof sudoersSchema> };

const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const defaultSeconds = 10;
/** a word that begins with ^ would be a pattern */
const unwritable = /^\^|["\n\r\0]/;

/** A file for /etc/sudoers.d that allows a group's user what the chosen checks run as root, word by word, and no more. */
export async function sudoersSnippet({ ctx, input }: Sudoers): Promise<{ text: string; commands: number }> {
  const { settings } = await findGroup(ctx, input);
  // What no admin has approved is not allowed by the hosts either.
  const checks = (await libraryOf(ctx, ctx.team.id)).filter(({ blocked }) => blocked === undefined);
  const chosen = input.checks ? checks.filter(({ id }) => input.checks?.includes(id)) : checks;
  const commands = commandsOf(chosen);
  const users = new Set([settings.hostGroup.user]);
  return { text: sudoersText([...users], commands), commands: commands.length };
}

type Command = Pick<HostCommandRequest, "argv" | "timeoutMs">;

function commandsOf(chosen: readonly Check[]): Command[] {
  const found = new Map<string, Command>();
  for (const check of chosen) {
    const params = check.params.safeParse({});
    if (!params.success) continue;
    for (const need of Object.values(check.needs(params.data as Record<string, unknown>))) {
      const asked = need.type === "sampled" ? need.need : need;
      if (asked.type === "host.command" && asked.sudo) found.set(JSON.stringify(asked.argv), asked);
    }
  }
  return [...found.values()];
}

/** The words of sudoers(5): the host itself ends a command that hangs, which its user could not. */
export function sudoersText(users: readonly string[], commands: readonly Command[]): string {
  const lines = commands.flatMap(({ argv: [file, ...args], timeoutMs }) => {
    if ([file, ...args].some((word) => unwritable.test(word))) {
      return ["# One command is left out: sudoers cannot hold its characters."];
    }
    const paths = file.startsWith("/") ? [file] : folders.map((folder) => `${folder}/${file}`);
    // Without "" any arguments would be allowed.
    const words = args.length > 0 ? args.map(escapedArgument).join(" ") : '""';
    const seconds = timeoutMs === undefined ? defaultSeconds : Math.max(1, Math.ceil(timeoutMs / 1000));
    return users.flatMap((user) =>
      paths.map(
        (path) => `${escaped(user)} ALL=(root) TIMEOUT=${seconds}s NOPASSWD: ${escaped(path)} ${words}`,
      ),
    );
  });
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Special to sudoers, or to the patterns it matches with. */
function escaped(word: string): string {
  if (word === "") return '""';
  return word.replaceAll(/[\\,:=*?[\]!"\s#]/g, "\\$&");
}

/** An argument is a pattern: of the two backslashes that are left of four, the pattern makes one. */
function escapedArgument(word: string): string {
  return escaped(word).replaceAll("\\\\", "\\\\\\\\");
}
