// A test that failed among thousands, on a machine busy with all of them, is asked once more alone. What passes then is
// no failure of the product; it is still named at the end, for a test that has to be asked twice wants mending.
import { type Counts, readReport, vitestCounts } from "./counts.ts";
import { type VitestReport, vitestFailures } from "./failed-tests.ts";

/** More than these are no accident. */
const mostFiles = 3;

type Vitest = (files: readonly string[], reportName: string) => Promise<boolean>;

/**
 * Runs the failed files of the report `<name>.json` once more and gives the counts with that. `undefined`: there is
 * nothing to run again (too many failed, or the runner ended without a report).
 */
export async function runAgain(name: string, vitest: Vitest): Promise<Counts | undefined> {
  const report = readReport<VitestReport>(`${name}.json`);
  const failed = report ? vitestFailures(report) : [];
  const files = [...new Set(failed.map(({ file }) => file))];
  if (!report || files.length === 0 || files.length > mostFiles) return undefined;
  console.log(`Once more, alone: ${files.join(", ")}`);
  const ok = await vitest(files, `${name}-again.json`);
  const counts = vitestCounts(`${name}.json`);
  const still = vitestFailures(report, readReport<VitestReport>(`${name}-again.json`)).filter(
    ({ unsteady }) => !unsteady,
  ).length;
  const failures = ok ? still : Math.max(1, still);
  return { passed: counts.passed + Math.max(0, counts.failed - failures), failed: failures };
}
