// Makes docs/coverage.md: for each runbook its checks and tools, what proves them, and what could not be proven.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse as parseYaml } from "yaml";
import { type RunbookMeta, runbookMetaSchema } from "#common/contracts/runbook.ts";
import type { Generated } from "./generated.ts";
import { notProven } from "./not-proven.ts";
import { type Proof, proofReader } from "./proofs.ts";

export type NumberedRunbook = { slug: string; meta: RunbookMeta };

export function runbooksIn(root: string): NumberedRunbook[] {
  return globSync("runbooks/*/en.md", { cwd: root })
    .map((path) => {
      const front = readFileSync(join(root, path), "utf8").split(/^---$/m)[1] ?? "";
      return { slug: basename(dirname(path)), meta: runbookMetaSchema.parse(parseYaml(front)) };
    })
    .sort((one, other) => one.meta.number - other.meta.number || (one.slug < other.slug ? -1 : 1));
}

const some = (items: readonly string[]) => (items.length > 0 ? items.join(", ") : "none");

/** Tests of the engine and of the command line ask the practice cluster. */
const meetsReal = ({ path, against }: Proof["tests"][number]) =>
  path.startsWith("server/checks/") &&
  !path.includes("practice-cluster") &&
  !against.some((server) => server.startsWith("a stand-in"));

function checkLines(id: string, { cases, recorded, faults, tests }: Proof): string[] {
  const shown = tests.map(({ path, against }) =>
    against.length > 0 ? `\`${path}\` (${against.join(", ")})` : `\`${path}\``,
  );
  const isReal = recorded > 0 || tests.some(meetsReal);
  return [
    `- \`${id}\``,
    `  - Cases: ${cases}, of these recorded from a real system in whole or in part: ${recorded}`,
    ...(id.startsWith("kubernetes/") ? [`  - Planted faults: ${some(faults)}`] : []),
    `  - Integration tests: ${some(shown)}`,
    `  - ${isReal ? "Not tried for real" : "Nothing was tried for real"}: ${notProven(id)}`,
  ];
}

function toolLine(root: string, id: string): string {
  const tests = [`common/tools/${id}.test.ts`, `common/tools/${id}.integration.test.ts`].filter((path) =>
    existsSync(join(root, path)),
  );
  return `- Tool \`${id}\`: ${some(tests.map((path) => `\`${path}\``))}`;
}

export function coveragePage(root: string): Generated {
  const proofOf = proofReader(root);
  const runbooks = runbooksIn(root);
  const checks = new Set(runbooks.flatMap(({ meta }) => meta.checks));
  const head = `# Coverage

This page is generated from the files by \`npm run gen\`; do not edit it. It lists ${runbooks.length} runbooks with ${checks.size}
checks: what stands behind each, and what could not be tried where the library was made. A case counts as recorded
where its note says so; all other cases are written by hand. A tool without a file here is tested with its component.
`;
  const sections = runbooks.map(({ slug, meta }) =>
    [
      `## ${meta.number}. ${meta.title}`,
      "",
      `\`runbooks/${slug}\`, week of ${meta.week}`,
      "",
      ...(meta.checks.length > 0
        ? meta.checks.flatMap((id) => checkLines(id, proofOf(id)))
        : ["- No check: its tool is what it offers"]),
      ...meta.tools.map((id) => toolLine(root, id)),
      "",
    ].join("\n"),
  );
  return { path: "docs/coverage.md", text: [head, ...sections].join("\n") };
}
