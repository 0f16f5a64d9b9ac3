import { z } from "zod";
import { type Report, reportSchema } from "#common/contracts/report.ts";
import { UsageError } from "../sentence-errors.ts";
import type { Api } from "./api.ts";

/** `ended`: false while the run goes on, whose report is of what is known so far. */
export type RemoteReport = Report & { ended: boolean };

export async function readRemoteReport(api: Api, runId: string): Promise<RemoteReport> {
  const { endedAt } = await api.json(`/runs/${runId}`, z.object({ endedAt: z.string().nullable() }));
  const report = await api.json(`/runs/${runId}/export?format=json`, reportSchema);
  return { ...report, ended: endedAt !== null };
}

/** A run by its id, or by the address of its page. */
export function readRunId(text: string): string {
  return readId(text, "run");
}

/** What has an id and a page, by either. */
export function readId(text: string, noun: "run" | "finding"): string {
  const [, id] = /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#].*)?$/i.exec(text) ?? [];
  if (id === undefined)
    throw new UsageError(`"${text}" is no ${noun}: give its id or the address of its page.`);
  return id.toLowerCase();
}
