import type { ApiObject } from "../objects/types.ts";

/** The generated objects of a kind: their keys in order, and how to build one. Never changed. */
export type Base = { keys: readonly string[]; build: (key: string) => ApiObject | undefined };

type Version = { revision: number; object: ApiObject | null };

/**
 * The objects of one kind at every revision since the last compaction: generated ones are built when read, changed
 * ones are kept. Keys are "namespace/name" (or "name"), sorted by bytes as etcd sorts them.
 */
export class Collection {
  readonly #base: Base;
  #keys: string[];
  readonly #versions = new Map<string, Version[]>();

  constructor(base: Base) {
    this.#base = base;
    this.#keys = base.keys.toSorted(compareKeys);
  }

  at(key: string, revision: number): ApiObject | undefined {
    const versions = this.#versions.get(key);
    const version = versions?.findLast((candidate) => candidate.revision <= revision);
    if (version) return version.object ?? undefined;
    return versions?.[0]?.revision === 0 ? undefined : this.#base.build(key);
  }

  put(key: string, object: ApiObject, revision: number): void {
    const position = lowerBound(this.#keys, key);
    const known = this.#keys[position] === key;
    // a copy: a walk that is under way goes on over the old order
    if (!known) this.#keys = this.#keys.toSpliced(position, 0, key);
    this.#append(key, { revision, object }, known);
  }

  remove(key: string, revision: number): void {
    this.#append(key, { revision, object: null }, true);
  }

  #append(key: string, version: Version, known: boolean): void {
    const versions = this.#versions.get(key);
    if (versions) versions.push(version);
    // revision 0 says of a new key: not there before
    else this.#versions.set(key, known ? [version] : [{ revision: 0, object: null }, version]);
  }

  /** Keys from `start` on (inclusive) that begin with `prefix`, with their objects at that revision. */
  *walk(prefix: string, start: string, revision: number): Generator<[key: string, object: ApiObject]> {
    const keys = this.#keys;
    const from = compareKeys(start, prefix) > 0 ? start : prefix;
    for (let position = lowerBound(keys, from); position < keys.length; position += 1) {
      const key = keys[position];
      if (!key?.startsWith(prefix)) return;
      const object = this.at(key, revision);
      if (object) yield [key, object];
    }
  }

  /** Keys that were written since the last compaction, whether or not there is still an object. */
  changedKeys(): IterableIterator<string> {
    return this.#versions.keys();
  }

  hasChanged(prefix: string): boolean {
    for (const key of this.#versions.keys()) if (key.startsWith(prefix)) return true;
    return false;
  }

  /** What was written after a revision, in its order. */
  changesSince(revision: number): [key: string, revision: number][] {
    const changes: [string, number][] = [];
    for (const [key, versions] of this.#versions) {
      for (const version of versions) if (version.revision > revision) changes.push([key, version.revision]);
    }
    return changes.sort(([, one], [, other]) => one - other);
  }

  /** How many objects `walk` would give, without building them. */
  count(prefix: string, start: string, revision: number): number {
    const from = compareKeys(start, prefix) > 0 ? start : prefix;
    const first = lowerBound(this.#keys, from);
    const end = lowerBound(this.#keys, `${prefix}\u{10ffff}`);
    let count = Math.max(0, end - first);
    for (const key of this.#versions.keys()) {
      const inside = key.startsWith(prefix) && compareKeys(key, from) >= 0;
      if (inside && !this.at(key, revision)) count -= 1;
    }
    return count;
  }

  /** Forgets what only revisions before this one can see. */
  compact(revision: number): void {
    for (const [key, versions] of this.#versions) {
      const kept = versions.filter(
        (version, index) =>
          version.revision > revision || (versions[index + 1]?.revision ?? Infinity) > revision,
      );
      this.#versions.set(
        key,
        kept[0]?.object === null ? [{ ...kept[0], revision: 0 }, ...kept.slice(1)] : kept,
      );
    }
  }
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
