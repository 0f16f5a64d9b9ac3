import type { DatabaseTransaction } from "#server/db.ts";

const longestStem = 50;

/** An address for a cluster of that name which no other cluster of the team has. */
export async function freeSlug(tx: DatabaseTransaction, teamId: string, name: string): Promise<string> {
  const stem = slugOf(name, "cluster");
  const taken = await tx.cluster.findMany({
    where: { teamId, slug: { startsWith: stem } },
    select: { slug: true },
  });
  const slugs = new Set(taken.map((cluster) => cluster.slug));
  let slug = stem;
  for (let number = 2; slugs.has(slug); number++) slug = `${stem}-${number}`;
  return slug;
}

/** The address of a name. A name without a Latin letter or digit (全中文) still needs an address. */
export function slugOf(name: string, otherwise: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? [otherwise]).join("-").slice(0, longestStem).replace(/-$/, "");
}
