import { runSelectionSchema } from "#common/contracts/run.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import { storableJson } from "./storable.ts";

/**
 * A selection to keep with an ended run. A pasted document may hold what its owner would not have kept: once judged,
 * only its redacted facts remain.
 */
export function withoutDocuments(selection: Prisma.JsonValue): Prisma.InputJsonValue {
  return runSelectionSchema.parse(selection).map(({ document: _, params, on, ...rest }) => ({
    ...rest,
    params: storableJson(params),
    ...(on ? { on: storableJson(on) } : {}),
  }));
}

/** The pasted documents of a selection by check, as long as it holds them. */
export function documentsOf(selection: Prisma.JsonValue): ReadonlyMap<string, string> {
  const asked = runSelectionSchema.parse(selection);
  return new Map(asked.flatMap(({ id, document }) => (document === undefined ? [] : [[id, document]])));
}
