import { z } from "zod";
import type { Locale } from "#common/text.ts";
import { exitCode } from "#common/verdict.ts";
import type { Database } from "#server/db.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { judgeRunAgain } from "#server/domain/runs/judge-again.ts";
import { libraryOf } from "#server/domain/team-runbooks/library-of.ts";
import { findDatabaseUrl } from "./database-url.ts";
import { printReport } from "./print-report.ts";
import { contextOf, inTheInstance, refusalOf } from "./run-registered.ts";
import { toSelection } from "./selection.ts";
import { UsageError } from "./sentence-errors.ts";
import { createProgressLine, type Terminal } from "./terminal.ts";
import { loadWords } from "./words.ts";
import { writeJson } from "./write-json.ts";

export type JudgeOptions = { runId: string; param: string[]; json?: boolean; locale: Locale };
type Surroundings = { terminal: Terminal; project: string; env: NodeJS.ProcessEnv; signal: AbortSignal };

/** `weekbook judge`: stored facts with other parameters, as a run of its own; resolves with the exit code. */
export async function judgeCommand(options: JudgeOptions, around: Surroundings): Promise<number> {
  const { terminal, project, env, signal } = around;
  const databaseUrl = findDatabaseUrl(env, project);
  const load = (namespace: string) => loadWords(project, options.locale, namespace);
  const [cli, verdict, reason] = await Promise.all([load("cli"), load("verdict"), load("reason")]);
  const line = createProgressLine(terminal);
  const { checks: library } = await import("#server/checks/registry.gen.ts");
  try {
    const report = await inTheInstance(
      {
        ...{ library, databaseUrl, signal },
        onNote: (sentence) => terminal.err.write(`${sentence}\n`),
        onProgress: (done, of) => line.show(cli("progress", { done, of })),
      },
      (db, queue) => begin(db, queue, options),
    );
    line.clear();
    if (options.json) writeJson(report, terminal);
    else printReport(report, { cli, verdict, reason, locale: options.locale }, terminal);
    return exitCode(report.verdict);
  } finally {
    line.clear();
  }
}

async function begin(db: Database, queue: TeamContext["queue"], { runId, param }: JudgeOptions) {
  const run = z.uuid().safeParse(runId).success
    ? await db.run.findUnique({ where: { id: runId }, select: { team: true } })
    : null;
  if (!run) throw new UsageError(`There is no run "${runId}".`);
  const ctx = contextOf(db, queue, run.team);
  const asked = await db.result.findMany({
    where: { runId },
    distinct: ["checkId"],
    select: { checkId: true },
  });
  const library = await libraryOf(ctx, ctx.team.id);
  const checks = library.filter((check) => asked.some(({ checkId }) => checkId === check.id));
  const selection = toSelection(checks, { params: param, document: undefined, kept: true });
  const params = Object.fromEntries(
    selection.filter((each) => Object.keys(each.params).length > 0).map((each) => [each.id, each.params]),
  );
  try {
    return { ctx, runId: (await judgeRunAgain({ ctx, input: { runId, params }, library })).runId };
  } catch (error) {
    throw refusalOf(error);
  }
}
