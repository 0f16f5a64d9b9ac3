import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../launcher/project.ts";

/** Every file that is or would be committed, as a path below the project. */
export function projectFiles(): string[] {
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr || listed.error?.message}`);
  const deleted = spawnSync("git", ["ls-files", "--deleted", "-z"], { cwd: project, encoding: "utf8" });
  const gone = new Set(deleted.stdout.split("\0"));
  return listed.stdout.split("\0").filter((path) => path !== "" && !gone.has(path));
}

export function readProjectFile(path: string): string {
  return readFileSync(join(project, path), "utf8");
}

/** Prints what is wrong, one line each, and makes the process fail where there is anything. */
export function report(problems: readonly string[], sound: string): void {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(sound);
}
