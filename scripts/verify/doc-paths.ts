// Every path that our documents cite exists: links between them, and `server/checks/…` in backticks.
import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import { project } from "../launcher/project.ts";
import { projectFiles, readProjectFile, report } from "./source-files.ts";

const folders =
  "app|bench|cli|common|components|deploy|docs|e2e|messages|prisma|public|runbooks|sandbox|scripts|server|testing";
const inBackticks = new RegExp(`\`((?:${folders}|\\.ci)/[^\`\\s]*|[\\w.-]+\\.md)\``, "g");
const inLinks = /\]\((?!https?:|mailto:|#|\/)([^)#\s]+)/g;
/** A part the reader fills in (<target>, {id}, …) or that only exists at run time. */
const isPattern = /[<>{}…]/;

/** The cited paths that lead nowhere. `exists` is asked with paths below the project. */
export function brokenPaths(document: string, text: string, exists: (path: string) => boolean): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "");
  const cited = new Set<string>();
  for (const [, path = ""] of prose.matchAll(inBackticks)) cited.add(path);
  for (const [, path = ""] of prose.matchAll(inLinks)) cited.add(join(dirname(document), path));
  return [...cited]
    .filter((path) => !isPattern.test(path) && !exists(path) && !exists(join(dirname(document), path)))
    .map((path) => `${document} cites ${path}, which does not exist`);
}

function existsInProject(path: string): boolean {
  if (path.includes("*")) return globSync(path, { cwd: project }).length > 0;
  return existsSync(join(project, path));
}

if (import.meta.main) {
  // Runbooks tell of other people's files.
  const documents = projectFiles().filter((path) => path.endsWith(".md") && !path.startsWith("runbooks/"));
  const problems = documents.flatMap((path) => brokenPaths(path, readProjectFile(path), existsInProject));
  report(problems, `${documents.length} documents`);
}
