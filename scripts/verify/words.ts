// Words that do not belong in what we commit, each with the reason a person gets to read.
import { projectFiles, readProjectFile, report } from "./source-files.ts";

type Rule = { pattern: RegExp; files: RegExp; except?: RegExp; why: string };

const anyText = /\.(ts|tsx|mjs|css|json|md|prisma|sql|yml|yaml|sh)$/;
const code = /\.(ts|tsx|mjs)$/;
const tests = /\.(test|spec)\.tsx?$/;
const thisGuard = /^scripts\/verify\/words(\.test)?\.ts$/;

export const rules: readonly Rule[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, files: code, why: "unfinished work belongs in an issue" },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, files: code, why: "mend the type instead" },
  { pattern: /\b(eslint|prettier)-(disable|ignore)/, files: code, why: "we use neither" },
  { pattern: /\b(it|test|describe)\.(only|skip|todo)\b/, files: tests, why: "every test runs" },
  {
    pattern: /\bnew PrismaClient\b/,
    files: code,
    except: /^server\/db\.ts$/,
    why: "server/db.ts makes the client",
  },
  {
    pattern: /\bprocess\.env\b(?!\.NODE_ENV\b)/,
    files: /^(app|components|common|server|sandbox)\/.*\.tsx?$/,
    except: /^server\/env\.ts$|\.test\.tsx?$/,
    why: "server/env.ts alone reads the environment, once",
  },
  {
    pattern: /\bdangerouslySetInnerHTML\b/,
    files: /\.tsx$/,
    why: "text of users or clusters must never become markup",
  },
  { pattern: /^\s*["']use server["']/m, files: code, why: "no Server Actions: every call goes through tRPC" },
  {
    pattern: /(^|[\s"'`(])\/(Users|home\/\w+|work)\//m,
    files: anyText,
    except: /\.test\.tsx?$|\.facts\/|^sandbox\/recorded\/|^testing\/recordings\/|^runbooks\/|kubeconfig/,
    why: "a path of one person's machine",
  },
  { pattern: /[!！]["\n]|\p{Extended_Pictographic}/u, files: /^messages\/.*\.json$/, why: "calm sentences" },
];

/** What `text` holds against the rules, one sentence each. */
export function wordsIn(path: string, text: string): string[] {
  return rules
    .filter(({ files, except }) => files.test(path) && !except?.test(path) && !thisGuard.test(path))
    .flatMap(({ pattern, why }) => {
      const found = pattern.exec(text);
      if (!found) return [];
      const line = text.slice(0, found.index + found[0].search(/\S/)).split("\n").length;
      return [`${path}:${line} says "${found[0].trim()}": ${why}`];
    });
}

if (import.meta.main) {
  const files = projectFiles().filter((path) => anyText.test(path) && !path.endsWith("package-lock.json"));
  report(
    files.flatMap((path) => wordsIn(path, readProjectFile(path))),
    `${files.length} files`,
  );
}
