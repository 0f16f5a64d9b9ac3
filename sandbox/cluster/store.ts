import type { ApiObject } from "../objects/types.ts";
import { numberFrom } from "../prng.ts";
import { type Base, Collection } from "./collection.ts";
import { type Resource, storageName } from "./resources.ts";

type Watcher = (name: string, key: string, revision: number) => void;

/** What etcd is to a real cluster: every kind's objects, one revision counter, compaction. */
export class Store {
  static readonly firstRevision = 248_113;
  revision = Store.firstRevision;
  compacted = Store.firstRevision - 1_000;
  readonly #collections = new Map<string, Collection>();
  readonly #watchers = new Set<Watcher>();

  constructor(resources: readonly Resource[], bases: Map<string, Base>) {
    for (const resource of resources) {
      const name = storageName(resource);
      if (this.#collections.has(name)) continue;
      const base = bases.get(name) ?? { keys: [], build: () => undefined };
      this.#collections.set(name, new Collection(versioned(base, name)));
    }
  }

  /** By qualified name: "pods", "deployments.apps". */
  of(name: string): Collection {
    const collection = this.#collections.get(name);
    if (!collection) throw new RangeError(`Nothing is stored under ${name}.`);
    return collection;
  }

  get(name: string, key: string): ApiObject | undefined {
    return this.of(name).at(key, this.revision);
  }

  put(name: string, object: ApiObject): ApiObject {
    this.revision += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.revision) } };
    this.of(name).put(keyOf(object), stored, this.revision);
    this.#tell(name, keyOf(object));
    return stored;
  }

  remove(name: string, key: string): void {
    this.revision += 1;
    this.of(name).remove(key, this.revision);
    this.#tell(name, key);
  }

  /** Says that a generated object is built differently from now on. */
  touch(name: string, key: string): void {
    this.revision += 1;
    this.#tell(name, key);
  }

  /** Whether anything below this prefix was written since the last compaction. */
  hasChanged(name: string, prefix: string): boolean {
    return this.of(name).hasChanged(prefix);
  }

  /** Hears of every change; call what comes back to hear no more. */
  onChange(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #tell(name: string, key: string): void {
    for (const watcher of this.#watchers) watcher(name, key, this.revision);
  }

  compact(): void {
    this.compacted = this.revision;
    for (const collection of this.#collections.values()) collection.compact(this.revision);
  }
}

export function keyOf({ metadata }: ApiObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** Generated objects carry a resourceVersion from before the start, always the same one. */
function versioned(base: Base, name: string): Base {
  return {
    keys: base.keys,
    build(key) {
      const object = base.build(key);
      if (!object) return undefined;
      const { name: own, generateName, namespace, uid, ...rest } = object.metadata;
      const resourceVersion = String(1_000 + (numberFrom(`${name}/${key}`) % 240_000));
      const names = { name: own, ...(generateName && { generateName }), ...(namespace && { namespace }) };
      return { ...object, metadata: { ...names, uid, resourceVersion, ...rest } };
    },
  };
}
