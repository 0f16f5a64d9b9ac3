// package-lock.json names the packages of every platform, not only of the one it was written on: npm leaves out what
// it could not see, and `npm ci` then refuses the file. With --write the missing entries are put in.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../launcher/project.ts";
import { completeLock, type Lock, missingOptional } from "./lock-platforms.ts";
import { readProjectFile, report } from "./source-files.ts";

const lock = JSON.parse(readProjectFile("package-lock.json")) as Lock;
if (process.argv.includes("--write")) {
  completeLock(lock);
  writeFileSync(join(project, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
}
report(
  missingOptional(lock).map(
    ({ name, wantedBy }) =>
      `package-lock.json lacks ${name}, which ${wantedBy} wants on another platform: node scripts/verify/lock.ts --write`,
  ),
  `${Object.keys(lock.packages).length} packages`,
);
