import { z } from "zod";
import { checkViewSchema } from "#common/contracts/runbook.ts";
import { type Confirmed, paramOf, readPair, unknownParam } from "../selection.ts";
import { UsageError } from "../sentence-errors.ts";
import type { Api } from "./api.ts";

const checkSchema = checkViewSchema.pick({
  id: true,
  effect: true,
  params: true,
  takesDocument: true,
  target: true,
  waiting: true,
});
type Check = z.infer<typeof checkSchema>;
const listSchema = z.object({ items: z.array(checkSchema) });
const runbookSchema = z.object({ slug: z.string(), checkViews: z.array(checkSchema) });

type Given = { params: readonly string[]; document: string | undefined };
export type RemoteSelection = {
  runbook: string | null;
  /** absent: the server takes those of the runbook that run by themselves */
  checks?: { id: string; params: Record<string, unknown>; document?: string }[];
  /** active checks that were agreed to, each with its target */
  confirmed: { check: string; target: string }[];
};

/** What the one argument of `weekbook run` names on the server, whose library may hold more than this one. */
export async function selectRemote(
  api: Api,
  what: string,
  given: Given & { confirmed: readonly Confirmed[] },
): Promise<RemoteSelection> {
  const stray = given.confirmed.find(({ check }) => check !== what);
  if (stray) {
    throw new UsageError(`--confirm-active ${stray.check}: it belongs to "weekbook run ${stray.check}".`);
  }
  if (what === "all") {
    const { items } = await api.json("/checks", listSchema);
    return { runbook: null, checks: toRequest(items.filter(runsByItself), given), confirmed: [] };
  }
  const { items } = await api.json(`/checks?id=${encodeURIComponent(what)}`, listSchema);
  const [check] = items;
  if (check) {
    const confirmed = given.confirmed.map(({ target }) => ({ check: what, target: targetOf(check, target) }));
    if (check.effect === "active" && confirmed.length === 0) {
      throw new UsageError(
        `The check ${what} changes or loads its target. To run it, say --confirm-active ${what}.`,
      );
    }
    return { runbook: null, checks: toRequest([check], given), confirmed };
  }
  return selectRunbook(api, what, given);
}

async function selectRunbook(api: Api, what: string, given: Given): Promise<RemoteSelection> {
  const { slug, checkViews } = await api
    .json(`/runbooks/${encodeURIComponent(what)}`, runbookSchema)
    .catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`There is no runbook or check "${what}" on ${api.url}.`);
    });
  if (given.params.length === 0 && given.document === undefined) return { runbook: slug, confirmed: [] };
  return { runbook: slug, checks: toRequest(checkViews.filter(runsByItself), given), confirmed: [] };
}

/** A cluster has one API, but perhaps many hosts. */
function targetOf({ id, target }: Check, named: string | undefined): string {
  if (named) return named;
  if (target === "host") throw new UsageError(`Name the host as well: --confirm-active ${id}@HOST.`);
  return target;
}

function runsByItself({ effect, waiting }: Check): boolean {
  return effect === "read" && !waiting;
}

function toRequest(checks: readonly Check[], given: Given) {
  const pairs = given.params.map(readPair);
  const known = new Set(checks.flatMap(({ params }) => params.map(({ name }) => name)));
  for (const [name] of pairs) if (!known.has(name)) throw new UsageError(unknownParam(name, known));
  const { document } = given;
  if (document !== undefined && !checks.some(({ takesDocument }) => takesDocument)) {
    throw new UsageError("--document: none of the chosen checks takes a document.");
  }
  return checks.map(({ id, params, takesDocument }) => ({
    id,
    params: paramOf(pairs, params),
    ...(takesDocument && document !== undefined ? { document } : {}),
  }));
}
