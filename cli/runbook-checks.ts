import type { RunbookChecks } from "./selection.ts";

// What a run does not need is not loaded: each of these takes longer to load than a small run takes.
export async function runbookChecks(): Promise<RunbookChecks[]> {
  const { loadRunbooks } = await import("#server/domain/runbooks/load-runbooks.ts");
  return [...(await loadRunbooks()).values()].map(({ slug, texts }) => ({
    slug,
    checks: texts.en.meta.checks,
  }));
}
