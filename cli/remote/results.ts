import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Locale } from "#common/text.ts";
import { exitCodeOf, type FailOn } from "../exit-code.ts";
import { printReport } from "../print-report.ts";
import { UnavailableError, UsageError } from "../sentence-errors.ts";
import type { Terminal } from "../terminal.ts";
import { loadWords } from "../words.ts";
import { writeJson } from "../write-json.ts";
import { openApi } from "./api.ts";
import { readRemoteReport, readRunId } from "./report.ts";
import { requireServer } from "./server.ts";

type Surroundings = { terminal: Terminal; project: string; cwd: string; env: NodeJS.ProcessEnv };
export type ResultsOptions = { json?: boolean; locale: Locale; failOn: FailOn; insecureHttp?: boolean };
export type ExportOptions = { format: string; output?: string; insecureHttp?: boolean; locale: Locale };

/** `weekbook results`: resolves with the exit code. A run that still goes on is unknown. */
export async function resultsCommand(
  run: string,
  { json, locale, failOn, insecureHttp }: ResultsOptions,
  { terminal, project, env }: Surroundings,
): Promise<number> {
  const api = openApi(await requireServer(env, { insecureHttp }));
  const { ended, ...report } = await readRemoteReport(api, readRunId(run));
  const load = (namespace: string) => loadWords(project, locale, namespace);
  const [cli, verdict, reason] = await Promise.all([load("cli"), load("verdict"), load("reason")]);
  if (!ended) terminal.err.write(`${cli("stillGoing")}\n`);
  if (json) writeJson(report, terminal);
  else printReport(report, { cli, verdict, reason, locale }, terminal);
  return exitCodeOf(report.verdict, failOn);
}

/** `weekbook export`: the file as the server makes it, to stdout or into a file. Which formats there are it knows. */
export async function exportCommand(
  run: string,
  { format, output, insecureHttp, locale }: ExportOptions,
  { terminal, cwd, env }: Surroundings,
): Promise<void> {
  const api = openApi(await requireServer(env, { insecureHttp }));
  const query = new URLSearchParams({ format, language: locale });
  const response = await api.raw(`/runs/${readRunId(run)}/export?${query}`);
  if (!response.body) throw new UnavailableError(`${api.url} sent nothing.`);
  const source = Readable.from(response.body);
  if (output === undefined) return pipeline(source, terminal.out, { end: false });
  const file = path.resolve(cwd, output);
  await pipeline(source, createWriteStream(file)).catch((error: NodeJS.ErrnoException) => {
    if (error.path === undefined) throw error;
    throw new UsageError(`${file} cannot be written (${error.code}).`);
  });
}
