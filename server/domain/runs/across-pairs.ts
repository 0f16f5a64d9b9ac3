import type { Result } from "#generated/prisma/client.ts";

export type Pair = { a: Result | undefined; b: Result | undefined };

/**
 * The results of two sides by check. One target each is a pair, whatever the two are called; of several, those of one
 * key or one name are; the others stay alone. A check that one side skipped and the other did not ask is left out.
 */
export function acrossPairs(a: Result[], b: Result[]): Pair[] {
  const checks = new Set([...a, ...b].map(({ checkId }) => checkId));
  return [...checks]
    .flatMap((checkId) => pairsOf(a.filter(is(checkId)), b.filter(is(checkId))))
    .filter((pair) => (pair.a && pair.b) || (pair.a ?? pair.b)?.verdict !== "skip");
}

const is = (checkId: string) => (result: Result) => result.checkId === checkId;

function pairsOf(a: Result[], b: Result[]): Pair[] {
  if (a.length === 1 && b.length === 1) return [{ a: a[0], b: b[0] }];
  const left = new Set(b);
  const take = (same: (result: Result) => boolean) => {
    const found = [...left].find(same);
    if (found) left.delete(found);
    return found;
  };
  const pairs = a.map((one): Pair => {
    const other =
      take(({ target }) => target === one.target) ?? take(({ targetName }) => targetName === one.targetName);
    return { a: one, b: other };
  });
  return [...pairs, ...[...left].map((one): Pair => ({ a: undefined, b: one }))];
}
