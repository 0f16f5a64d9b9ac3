import { checks as library } from "#server/checks/registry.gen.ts";
import { accessManifest } from "#server/domain/clusters/access-manifest.ts";
import { runbookChecks } from "./runbook-checks.ts";
import { selectChecks } from "./selection.ts";
import { UsageError } from "./sentence-errors.ts";
import type { Terminal } from "./terminal.ts";

/** `weekbook manifest`: what to give to `kubectl apply -f -`, and nothing else on stdout. */
export async function manifestCommand(what: string, terminal: Terminal): Promise<void> {
  const { manifest } = await accessManifest({ input: what === "all" ? {} : { checks: await idsOf(what) } });
  terminal.out.write(manifest);
}

async function idsOf(what: string): Promise<string[]> {
  const check = library.find(({ id }) => id === what);
  const options = { runbooks: runbookChecks, confirmed: [] };
  const { checks } = check ? { checks: [check] } : await selectChecks(what, library, options);
  const ids = checks.filter(({ target }) => target === "kubernetes").map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new UsageError(`${what} asks nothing of a Kubernetes API, so it needs no manifest.`);
}
