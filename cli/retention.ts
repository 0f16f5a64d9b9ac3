import type { Locale } from "#common/text.ts";
import { openDatabase } from "#server/db.ts";
import { dropOldMonths, type OldMonth, oldMonths } from "#server/domain/history/retention.ts";
import { defaultKeepMonths, keepMonthsSchema } from "#server/env.ts";
import { findDatabaseUrl, findSetting } from "./database-url.ts";
import { UsageError } from "./sentence-errors.ts";
import type { Terminal } from "./terminal.ts";
import { loadWords, type Words } from "./words.ts";
import { writeJson } from "./write-json.ts";

export type RetentionOptions = { dryRun?: boolean; keepMonths?: string; json?: boolean; locale: Locale };
type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv };

/** `weekbook retention`: what the worker does every hour, now and with words for what goes. */
export async function retentionCommand(options: RetentionOptions, around: Surroundings): Promise<void> {
  const { terminal, project, env } = around;
  const keepMonths = readKeepMonths(
    options.keepMonths ?? findSetting("WEEKBOOK_KEEP_MONTHS", env, project) ?? String(defaultKeepMonths),
  );
  const url = findDatabaseUrl(env, project);
  const cli = await loadWords(project, options.locale, "cli");
  const { db, close } = openDatabase({ url, maxConnections: 1, onPoolError: () => {} });
  try {
    const retention = { db, now: new Date(), keepMonths };
    const months = options.dryRun ? await oldMonths(retention) : await dropOldMonths(retention);
    if (options.json) return writeJson({ keepMonths, dryRun: options.dryRun ?? false, months }, terminal);
    for (const month of months) terminal.out.write(`${lineOf(month, cli)}\n`);
    const count = months.filter(({ running }) => running === 0).length;
    const sentence = options.dryRun ? "retentionWould" : "retentionGone";
    terminal.out.write(`${cli(sentence, { count, keep: keepMonths })}\n`);
  } finally {
    await close();
  }
}

function readKeepMonths(text: string): number {
  const parsed = keepMonthsSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${text}" is no number of months: give a whole number, or 0 to keep everything.`);
}

function lineOf({ month, runs, results, bytes, running }: OldMonth, cli: Words): string {
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const line = cli("retentionMonth", { month, runs, results, size });
  return running > 0 ? `${line} (${cli("retentionStays", { running })})` : line;
}
