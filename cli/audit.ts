import type { Locale } from "#common/text.ts";
import { openDatabase } from "#server/db.ts";
import { instanceChain } from "#server/domain/audit/record.ts";
import { type ChainReport, verifyChains } from "#server/domain/audit/verify-chain.ts";
import { findDatabaseUrl } from "./database-url.ts";
import { UnavailableError } from "./sentence-errors.ts";
import { printable, type Terminal } from "./terminal.ts";
import { loadWords, type Words } from "./words.ts";
import { writeJson } from "./write-json.ts";

export type VerifyOptions = { json?: boolean; locale: Locale };
type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv };

/** `weekbook audit verify`: every chain from its first event to its last; resolves with 0, or with 2 if one is broken. */
export async function verifyAuditCommand(options: VerifyOptions, around: Surroundings): Promise<number> {
  const { terminal, project, env } = around;
  const cli = await loadWords(project, options.locale, "cli");
  const url = findDatabaseUrl(env, project);
  const { db, close } = openDatabase({ url, maxConnections: 1, onPoolError: () => {} });
  try {
    const teams = await db.team.findMany({ select: { id: true, name: true } });
    const reports = await verifyChains(db);
    const nameOf = (id: string) =>
      id === instanceChain ? cli("auditInstance") : (teams.find((team) => team.id === id)?.name ?? id);
    if (options.json) writeJson({ chains: reports }, terminal);
    else for (const report of reports) terminal.out.write(`${lineOf(report, nameOf, cli)}\n`);
    return reports.some(({ broken }) => broken) ? 2 : 0;
  } catch (cause) {
    throw new UnavailableError(
      "The audit log could not be read: is Weekbook running, and its database up to date?",
      {
        cause,
      },
    );
  } finally {
    await close();
  }
}

function lineOf({ teamId, events, broken }: ChainReport, nameOf: (id: string) => string, cli: Words): string {
  const name = printable(nameOf(teamId));
  if (!broken) return cli("auditWhole", { name, events });
  return cli("auditBroken", { name, sequence: broken.sequence, why: cli(`auditProblem.${broken.problem}`) });
}
