/**
 * Requests for objects of uneven popularity through two levels of caches. Level one stands near the users, each request
 * at one of its nodes; level two is one pool for all. Sizes are in objects; every cache drops what was used least recently.
 */

export const routings = ["any", "hashed"] as const;
export type Routing = (typeof routings)[number];

export type LayeredCache = {
  objects: number;
  requests: number;
  /** exponent of the popularity (Zipf): 0 all alike, 1 typical of the web */
  skew: number;
  l1Nodes: number;
  l1Size: number;
  l2Nodes: number;
  l2Size: number;
  /** which node of level one gets a request: whichever, or the one that the object's hash names */
  routing: Routing;
  seed: number;
};

export type LayeredResult = {
  requests: number;
  l1Hits: number;
  l2Hits: number;
  origin: number;
  /** different objects that level one holds in the end */
  l1Distinct: number;
  /** requests at the busiest node of level one, as a multiple of the mean */
  l1Peak: number;
};

/** Least recently used: a Map keeps the order in which its keys were put in. */
class Lru {
  readonly #kept = new Map<number, true>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether it was there; afterwards it is, and the newest. */
  ask(key: number): boolean {
    const had = this.#kept.delete(key);
    if (this.#size === 0) return false;
    this.#kept.set(key, true);
    if (this.#kept.size > this.#size) this.#kept.delete(this.#kept.keys().next().value ?? 0);
    return had;
  }

  keys(): Iterable<number> {
    return this.#kept.keys();
  }
}

export function simulate(options: LayeredCache): LayeredResult {
  const { requests, l1Nodes, l2Nodes, routing } = options;
  const random = sequence(options.seed);
  const pick = popularity(options.objects, options.skew);
  const first = Array.from({ length: l1Nodes }, () => new Lru(options.l1Size));
  const second = Array.from({ length: l2Nodes }, () => new Lru(options.l2Size));
  const [ringOne, ringTwo] = [ring(l1Nodes, "l1"), ring(l2Nodes, "l2")];
  const load = new Array<number>(l1Nodes).fill(0);
  const counts = { l1Hits: 0, l2Hits: 0, origin: 0 };
  for (let request = 0; request < requests; request += 1) {
    const object = pick(random());
    const any = Math.floor(random() * l1Nodes);
    const node = routing === "hashed" ? ringOne(object) : any;
    load[node] = (load[node] ?? 0) + 1;
    if (first[node]?.ask(object)) counts.l1Hits += 1;
    else if (second[ringTwo(object)]?.ask(object)) counts.l2Hits += 1;
    else counts.origin += 1;
  }
  const held = new Set(first.flatMap((cache) => [...cache.keys()]));
  return {
    ...{ requests, ...counts, l1Distinct: held.size },
    l1Peak: requests === 0 ? 1 : Math.max(...load) / (requests / l1Nodes),
  };
}

/** Deterministic numbers in [0, 1): mulberry32. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** From a number in [0, 1) to an object: the n-th most popular is asked for in proportion to 1 / n^skew. */
export function popularity(objects: number, skew: number): (at: number) => number {
  const sums = new Float64Array(objects);
  let sum = 0;
  for (let index = 0; index < objects; index += 1) {
    sum += 1 / (index + 1) ** skew;
    sums[index] = sum;
  }
  return (at) => {
    const wanted = at * sum;
    let [low, high] = [0, objects - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

const pointsPerNode = 100;

/** Consistent hashing: each node holds many points of a ring, and an object belongs to the next point after its own. */
export function ring(nodes: number, name: string, without?: number): (object: number) => number {
  const points = Array.from({ length: nodes }, (_, node) => node)
    .filter((node) => node !== without)
    .flatMap((node) =>
      Array.from({ length: pointsPerNode }, (_, copy) => ({ at: hashOf(`${name}/${node}/${copy}`), node })),
    )
    .sort((a, b) => a.at - b.at || a.node - b.node);
  return (object) => {
    const wanted = hashOf(`object/${object}`);
    let [low, high] = [0, points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((points[middle]?.at ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return points[low % points.length]?.node ?? 0;
  };
}

/** FNV-1a with a last mixing, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The share of objects that belong to another node once one of `nodes` is gone: by the ring, and by hash modulo nodes. */
export function movedShare(objects: number, nodes: number): { ring: number; modulo: number } {
  if (nodes < 2) return { ring: 1, modulo: 1 };
  const [before, after] = [ring(nodes, "l1"), ring(nodes, "l1", nodes - 1)];
  let [byRing, byModulo] = [0, 0];
  for (let object = 0; object < objects; object += 1) {
    if (before(object) !== after(object)) byRing += 1;
    const hash = hashOf(`object/${object}`);
    if (hash % nodes !== hash % (nodes - 1)) byModulo += 1;
  }
  return { ring: byRing / objects, modulo: byModulo / objects };
}
