import type { DatabaseTransaction } from "#server/db.ts";
import { notifyRun } from "../runs/notify.ts";

/** How many events a result made. */
export type FindingsChanged = { seen: number; gone: number };

/** What followers of the lives of a team's findings subscribe to. */
export function findingsTopic(teamId: string): string {
  return `findings ${teamId}`;
}

/** Tells every process that follows the team's findings, when the transaction commits. */
export async function notifyFindings(tx: DatabaseTransaction, teamId: string): Promise<void> {
  await notifyRun(tx, findingsTopic(teamId));
}
