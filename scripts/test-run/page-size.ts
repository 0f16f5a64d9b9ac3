// How much JavaScript a browser must load before a page works, per route, gzipped, from the manifests of the build.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";

/** kB per route: a slow phone in a data centre gets the page within two seconds. */
const budgetKb = 170;

type RouteManifest = { entryJSFiles?: Record<string, string[]> };
export type PageSize = { route: string; kb: number; over: boolean };

/** Next writes it as a script that fills a global. */
function routeManifests(path: string): RouteManifest[] {
  const scope = createContext({});
  runInContext("globalThis.globalThis = globalThis", scope);
  runInContext(readFileSync(path, "utf8"), scope);
  const manifests: unknown = runInContext("JSON.stringify(Object.values(globalThis.__RSC_MANIFEST))", scope);
  return JSON.parse(String(manifests)) as RouteManifest[];
}

function routeOf(manifestPath: string): string {
  const folder = manifestPath
    .replace(/^server\/app\/?/, "")
    .replace(/\/?page_client-reference-manifest\.js$/, "");
  return `/${folder
    .split("/")
    .filter((part) => !/^\(.*\)$/.test(part))
    .join("/")}`;
}

export function pageSizes(distDir: string): PageSize[] {
  const sizes = new Map<string, number>();
  const sizeOf = (file: string): number => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(distDir, file))).length;
    sizes.set(file, known);
    return known;
  };
  const { rootMainFiles } = JSON.parse(readFileSync(join(distDir, "build-manifest.json"), "utf8")) as {
    rootMainFiles: string[];
  };
  return globSync("server/app/**/page_client-reference-manifest.js", { cwd: distDir })
    .filter((path) => !path.includes("/_"))
    .map((path) => {
      const entries = routeManifests(join(distDir, path)).flatMap(({ entryJSFiles = {} }) =>
        Object.values(entryJSFiles).flat(),
      );
      const files = new Set([...rootMainFiles, ...entries]);
      const kb = [...files].reduce((sum, file) => sum + sizeOf(file), 0) / 1000;
      return { route: routeOf(path), kb, over: kb > budgetKb };
    })
    .sort((a, b) => b.kb - a.kb);
}

export function sizeTable(sizes: readonly PageSize[]): string {
  const rows = sizes.map(
    ({ route, kb, over }) => `${kb.toFixed(1).padStart(7)} kB  ${over ? "OVER  " : "      "}${route}`,
  );
  return [`JavaScript of a first load, gzipped (budget ${budgetKb} kB):`, ...rows].join("\n");
}
