/** What a check, a finding or a run says. `unknown` means: could not be found out, and is never green. */
export const verdicts = ["pass", "warn", "fail", "unknown", "skip"] as const;
export type Verdict = (typeof verdicts)[number];

/** Worst last. `unknown` outranks `warn`: what was not read may hide a failure. */
const severity: Record<Verdict, number> = { skip: 0, pass: 1, warn: 2, unknown: 3, fail: 4 };

export function compareVerdicts(a: Verdict, b: Verdict): number {
  return severity[a] - severity[b];
}

/** The worst of the verdicts; `skip` when there is none. */
export function worstVerdict(all: Iterable<Verdict>): Verdict {
  let worst: Verdict = "skip";
  for (const verdict of all) if (severity[verdict] > severity[worst]) worst = verdict;
  return worst;
}

/** Process exit code of `weekbook run`: 0 pass or skip, 1 warn, 2 fail, 3 unknown. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 | 3 {
  return ({ pass: 0, skip: 0, warn: 1, fail: 2, unknown: 3 } as const)[verdict];
}
