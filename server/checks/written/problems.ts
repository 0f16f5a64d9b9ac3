import type { Problem, ProblemCode } from "#common/contracts/team-runbook.ts";

/** Nobody reads more than this at once, and a hostile text could have one at every character. */
const mostProblems = 100;

export type ProblemValues = Record<string, string | number>;

/** Collects what is wrong with a text by offset, and tells it by line and column. */
export class Problems {
  readonly #lineStarts: number[] = [0];
  readonly #found: Problem[] = [];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
  }

  /** The offset at which a line (from 0) begins. */
  lineStart(line: number): number {
    return this.#lineStarts[line] ?? this.#lineStarts.at(-1) ?? 0;
  }

  add(offset: number, code: ProblemCode, values: ProblemValues = {}): void {
    if (this.#found.length >= mostProblems) return;
    const line = this.#lineOf(offset);
    const column = Math.max(0, offset - this.lineStart(line)) + 1;
    const shortened = Object.entries(values).map(([name, value]) => [name, shown(value)]);
    this.#found.push({ line: line + 1, column, code, values: Object.fromEntries(shortened) });
  }

  get count(): number {
    return this.#found.length;
  }

  inOrder(): Problem[] {
    return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lineStart(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Short enough for a sentence. */
function shown(value: string | number): string | number {
  if (typeof value === "number" || value.length <= 200) return value;
  return `${value.slice(0, 199)}…`;
}
