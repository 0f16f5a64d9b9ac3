import { randomUUID } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { readText } from "../read-text.ts";
import type { RunOptions } from "../run.ts";
import { readConfirmed } from "../selection.ts";
import { UsageError } from "../sentence-errors.ts";
import { createProgressLine, type Terminal } from "../terminal.ts";
import type { Words } from "../words.ts";
import { type Api, openApi } from "./api.ts";
import type { Login } from "./login-file.ts";
import { type RemoteReport, readRemoteReport } from "./report.ts";
import { selectRemote } from "./select.ts";
import { waitForRun } from "./wait-for-run.ts";

const largestDocumentBytes = 1 << 20;
const plainLineEveryMs = 5_000;

type Surroundings = { terminal: Terminal; cwd: string; words: Words; signal: AbortSignal };

/** `weekbook run` on a server. Null: the run was begun and nobody waits for it. */
export async function runRemote(
  server: Login,
  options: RunOptions & { cluster: string },
  { terminal, cwd, words, signal }: Surroundings,
): Promise<RemoteReport | null> {
  const api = openApi(server);
  if (options.team !== undefined) throw new UsageError("--team: an API key belongs to one team.");
  const confirmed = options.confirmActive.map(readConfirmed);
  const document =
    options.document === undefined
      ? undefined
      : await readText(path.resolve(cwd, options.document), largestDocumentBytes);
  const cluster = await findCluster(api, options.cluster);
  const given = { params: options.param, document, confirmed };
  const { confirmed: agreed, ...selection } = await selectRemote(api, options.what, given);
  const { runId } = await api.json("/runs", z.object({ runId: z.uuid() }), {
    method: "POST",
    headers: { "idempotency-key": randomUUID() },
    body: {
      ...{ clusters: [cluster], ...selection },
      confirmActive: agreed.map((each) => ({ ...each, cluster })),
    },
  });
  terminal.err.write(`${words("started", { id: runId })}\n`);
  if (options.wait === false) {
    terminal.out.write(`${options.json ? JSON.stringify({ runId }) : runId}\n`);
    return null;
  }
  const progress = createProgress(terminal, words);
  try {
    await waitForRun(api, runId, { timeoutMs: options.timeout ?? null, signal, onProgress: progress.show });
  } finally {
    progress.clear();
  }
  return readRemoteReport(api, runId);
}

async function findCluster(api: Api, name: string): Promise<string> {
  const { items } = await api.json(
    "/clusters",
    z.object({ items: z.array(z.object({ slug: z.string(), name: z.string() })) }),
  );
  const wanted = name.toLowerCase();
  const found =
    items.find(({ slug }) => slug === name) ?? items.find((each) => each.name.toLowerCase() === wanted);
  if (found) return found.slug;
  const list = items.map(({ slug }) => slug).join(", ") || "none yet";
  throw new UsageError(`There is no cluster "${name}". Registered are: ${list}.`);
}

/** A line that changes for whoever watches, and for a log a line now and then. */
function createProgress(terminal: Terminal, words: Words) {
  const line = createProgressLine(terminal);
  let said = "";
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return {
    clear: line.clear,
    show: (done: number, of: number) => {
      const text = words("progress", { done, of });
      line.show(text);
      const nowMs = performance.now();
      if (terminal.progress || text === said || (done < of && nowMs - saidAtMs < plainLineEveryMs)) return;
      terminal.err.write(`${text}\n`);
      said = text;
      saidAtMs = nowMs;
    },
  };
}
