import { firstIdAt, timeOfId } from "../id-time.ts";

type Window = { fromId: string | undefined; toId: string | undefined };

const dayMs = 24 * 60 * 60 * 1_000;
/** How far back the first looks reach; the last one takes the rest. */
const stepsMs = [31 * dayMs, 124 * dayMs];
/** Where an index answers at once for all months, as of words, fewer questions are quicker. */
export const oneStepMs = [31 * dayMs];

/**
 * Parts of a range of ids, the newest first: most pages are full after the first, which plans and reads one or two
 * months however many there are.
 */
export function windowsBack(
  { fromId, toId }: Window,
  now: Date,
  steps: readonly number[] = stepsMs,
): Window[] {
  const end = toId ? Math.min(timeOfId(toId).getTime(), now.getTime()) : now.getTime();
  const windows: Window[] = [];
  let upper = toId;
  for (const stepMs of steps) {
    const lower = firstIdAt(Math.max(0, end - stepMs));
    if (fromId !== undefined && lower <= fromId) break;
    windows.push({ fromId: lower, toId: upper });
    upper = lower;
  }
  return [...windows, { fromId, toId: upper }];
}

/** Asks one window after the other until there are as many rows as wanted. */
export async function newestFirst<Row>(
  windows: Window[],
  limit: number,
  read: (window: Window, limit: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const window of windows) {
    if (rows.length >= limit) break;
    rows.push(...(await read(window, limit - rows.length)));
  }
  return rows;
}
