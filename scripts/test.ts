// npm test: the guards, the tests on a real Postgres, and the journeys in a real browser against the production build.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { project } from "./launcher/project.ts";
import { SentenceError } from "./launcher/sentence-error.ts";
import { add, type Counts } from "./test-run/counts.ts";
import { failedTests, inWords } from "./test-run/failed-tests.ts";
import { build, guards, integration, journeys, pageSize } from "./test-run/parts.ts";

const parts: readonly (readonly [string, () => Promise<Counts>])[] = [
  ["Guards and unit tests", guards],
  ["Production build", build],
  ["Page size", pageSize],
  ["Integration tests", integration],
  ["Journeys", journeys],
];

async function attempt(title: string, part: () => Promise<Counts>): Promise<Counts> {
  console.log(`\n== ${title}`);
  const began = performance.now();
  try {
    const counts = await part();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`== ${title}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`);
    return counts;
  } catch (error) {
    console.error(error instanceof SentenceError ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

rmSync(join(project, "test-results"), { recursive: true, force: true });
const counted: Counts[] = [];
for (const [title, part] of parts) counted.push(await attempt(title, part));

const { passed, failed } = add(...counted);
for (const test of failedTests()) console.log(`\n${inWords(test)}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
