/** Single characters added, left out, changed or swapped with their neighbour that lead from one word to another. */
export function typingErrors(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const steps = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same];
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        steps.push((before[j - 2] ?? 0) + 1);
      row.push(Math.min(...steps));
    }
    [before, last] = [last, row];
  }
  return last[to.length] ?? 0;
}

/** The name that was most likely meant, whatever its case; a third of its letters may be wrong, and two at most. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const word = written.toLowerCase();
  const rated = names.map((name) => ({ name, errors: typingErrors(word, name.toLowerCase()) }));
  const [best] = rated.sort((a, b) => a.errors - b.errors || (a.name < b.name ? -1 : 1));
  return best && best.errors <= Math.min(2, Math.floor(word.length / 3)) ? best.name : undefined;
}
