import type { Database } from "#server/db.ts";

/**
 * Names in these runs that are also words of the vocabulary, such as a namespace called "default" or a host called
 * "gateway": in the sentences of other findings they would stay. By what they are. A team's own check may ask any kind
 * of target; what stands for a target where there is none of its own is nobody's name.
 */
export async function knownNames(
  db: Database,
  runIds: readonly string[],
  vocabulary: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ name: string; kind: string }[]>`
    WITH named AS (
      SELECT one.name, one.kind
      FROM "finding" f, LATERAL (
        SELECT f.subject AS about
        UNION ALL SELECT jsonb_array_elements(f.affected -> 'sample')
      ) AS each, LATERAL (VALUES
        (each.about ->> 'name', each.about ->> 'kind'), (each.about ->> 'namespace', 'namespace')
      ) AS one (name, kind)
      WHERE f."runId" = ANY(${[...runIds]}::uuid[])
      UNION ALL
      SELECT r."targetName", replace(split_part(r."checkId", '/', 1), 'team', 'target') FROM result r
      WHERE r."runId" = ANY(${[...runIds]}::uuid[]) AND r."checkId" LIKE ANY ('{host/%,endpoint/%,team/%}'::text[])
        AND r.target NOT IN ('none', 'document', 'endpoint')
    )
    SELECT DISTINCT ON (lower(name)) lower(name) AS name, kind FROM named
    WHERE lower(name) = ANY(${[...vocabulary]}::text[])
    ORDER BY lower(name), kind`;
  return new Map(rows.map(({ name, kind }) => [name, kind]));
}
