"use client";

import type { RunView } from "#common/contracts/run.ts";
import JudgedNote from "./judged-note.tsx";
import JudgedStrip from "./judged-strip.tsx";

/** Above a run that judged stored facts: whose facts, and the other judgements of them. */
export default function JudgedRun({
  team,
  run,
  judgedFrom,
}: {
  team: string;
  run: RunView;
  judgedFrom: string;
}) {
  return (
    <>
      <JudgedNote team={team} runId={run.id} facts={factsOf(run, judgedFrom)} />
      <JudgedStrip team={team} runId={run.id} />
    </>
  );
}

/** Of many runs, as when a past is judged again, no one time and no one result stands for all. */
function factsOf({ results }: RunView, judgedFrom: string) {
  const [first, ...others] = new Set(results.map(({ facts }) => facts?.runId));
  const only = first !== undefined && others.length === 0 ? results[0]?.facts : undefined;
  return only
    ? { runId: only.runId, observedAt: only.observedAt }
    : { runId: judgedFrom, observedAt: null, many: others.length > 0 };
}
