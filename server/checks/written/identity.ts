/**
 * Gives what picks or parses a name to be told by. Stored facts are compared by the source of such functions, which
 * is another in each process that a bundler made, and says nothing of what a closure holds.
 */
export function identified<F extends (...given: never[]) => unknown>(work: F, name: string): F {
  return Object.assign(work, { toString: () => name });
}
