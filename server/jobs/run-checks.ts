import type { Logger } from "pino";
import type { JobPayloads } from "../domain/context.ts";
import { libraryOf } from "../domain/team-runbooks/library-of.ts";
import { askAll } from "../engine/ask.ts";
import { answerPart, type RunChecksOptions } from "./answer-part.ts";
import { FenceLost } from "./attempt.ts";
import { beginAttempt } from "./begin-attempt.ts";
import { openBreakers } from "./breakers.ts";
import { failPart } from "./end-part.ts";
import { judgeStored } from "./judge-stored.ts";
import type { JobHandler } from "./queue.ts";
import { createResults } from "./run-results.ts";
import { shareHosts } from "./share-hosts.ts";

/** Carries out a part of a run, or what is left of it after an attempt that was cut short. */
export function createRunChecks(options: RunChecksOptions): JobHandler<"run-checks"> {
  return async (payload, signal) => {
    const log = options.log.child({ runId: payload.runId, part: payload.part });
    try {
      await carryOut(options, { payload, signal, log });
    } catch (error) {
      if (!(error instanceof FenceLost)) throw error;
      log.info("another attempt has taken over this part");
    } finally {
      options.notices.changed(payload.runId);
    }
  };
}

async function carryOut(
  options: RunChecksOptions,
  job: { payload: JobPayloads["run-checks"]; signal: AbortSignal; log: Logger },
): Promise<void> {
  const { db } = options;
  const attempt = await beginAttempt(db, job.payload);
  if (!attempt) return;
  // As the team's checks and approvals are now: what was withdrawn since the start is not asked any more.
  const library = await libraryOf(options, attempt.run.teamId);
  if (attempt.run.judgedFromId !== null) return judgeStored({ ...options, library }, { ...job, attempt });
  const opened = await options.openTargets(attempt.part);
  if (!opened)
    return failPart(db, attempt, { code: "no-target", what: "the cluster", detail: "it was removed" });
  try {
    const { selection, targets, gone } = await shareHosts({ ...options, library }, attempt, opened.targets);
    const asked = [...askAll(selection, library, targets), ...gone];
    const rows = await createResults(db, attempt, asked);
    options.notices.changed(attempt.run.id);
    const onError = (error: unknown) => job.log.warn({ err: error }, "a breaker could not be written");
    const breakers = await openBreakers({ db, part: attempt.part, targets, onError });
    await answerPart(options, { ...job, attempt, opened, asked, rows, breakers });
  } finally {
    await opened.close();
  }
}
