import type { Database } from "#server/db.ts";

/**
 * Names in these runs that are also words of the vocabulary, such as a namespace called "default": in the sentences of
 * other findings they would stay. By what they are.
 */
export async function knownNames(
  db: Database,
  runIds: readonly string[],
  vocabulary: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ name: string; kind: string }[]>`
    SELECT DISTINCT ON (lower(named.name)) lower(named.name) AS name, named.kind
    FROM "finding" f, LATERAL (VALUES
      (f.subject ->> 'name', f.subject ->> 'kind'), (f.subject ->> 'namespace', 'namespace')
    ) AS named (name, kind)
    WHERE f."runId" = ANY(${[...runIds]}::uuid[]) AND lower(named.name) = ANY(${[...vocabulary]}::text[])
    ORDER BY lower(named.name), named.kind`;
  return new Map(rows.map(({ name, kind }) => [name, kind]));
}
