import type { DatabaseTransaction } from "#server/db.ts";
import { loadRunbooks } from "../runbooks/load-runbooks.ts";

const longestStem = 50;
/** Addresses of pages that stand beside runbooks. */
const ownPages = ["new"];

/** An address for a runbook of that title which none has or had, neither of the team nor of the product. */
export async function freeRunbookSlug(
  tx: DatabaseTransaction,
  teamId: string,
  title: string,
): Promise<string> {
  const stem = stemOf(title);
  const own = await tx.teamRunbook.findMany({
    where: { teamId, slug: { startsWith: stem } },
    select: { slug: true },
  });
  const builtIn = await loadRunbooks();
  const taken = new Set([...own.map(({ slug }) => slug), ...builtIn.keys(), ...ownPages]);
  let slug = stem;
  for (let number = 2; taken.has(slug); number++) slug = `${stem}-${number}`;
  return slug;
}

/** A title without a Latin letter or digit (全中文) still needs an address. */
function stemOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? ["runbook"]).join("-").slice(0, longestStem).replace(/-$/, "");
}
