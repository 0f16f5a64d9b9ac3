// npm run new-check -- kubernetes/some-question: a check's file and its facts folder, ready to be filled in. The tests
// stay red until every text, need and case is there.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { targetKinds } from "#common/result.ts";
import { project } from "./launcher/project.ts";
import { checkSource } from "./new-check/templates.ts";

const [id = ""] = process.argv.slice(2);
const isId = new RegExp(`^(${targetKinds.join("|")})/[a-z0-9]+(-[a-z0-9]+)*$`);
const file = join(project, "server/checks", `${id}.ts`);

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

function scaffold(): void {
  const facts = join(project, "server/checks", `${id}.facts`);
  mkdirSync(facts, { recursive: true });
  writeFileSync(file, checkSource(id), { flag: "wx" });
  console.log(`server/checks/${id}.ts
server/checks/${id}.facts/

1. Declare what the check reads and how it judges.
2. Record what it judges with scripts/record-facts.ts: a good, a bad and an odd case at least.
3. npm run gen, then npm run verify.`);
}

if (!isId.test(id))
  fail(
    `Usage: npm run new-check -- <target>/<id>, with the target one of ${targetKinds.join(", ")} and the id in kebab-case.`,
  );
else if (existsSync(file)) fail(`server/checks/${id}.ts exists already.`);
else scaffold();
