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

/** Least recently used, as a list linked both ways; every object is a number, and `ends` stands before and after all. */
class Lru {
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #ends: number;
  readonly #size: number;
  #count = 0;

  constructor(size: number, objects: number) {
    this.#size = size;
    this.#ends = objects;
    // 0: not there. All numbers are kept one higher.
    this.#newer = new Int32Array(objects + 1);
    this.#older = new Int32Array(objects + 1);
    this.#newer[objects] = objects + 1;
    this.#older[objects] = objects + 1;
  }

  /** Whether it was there; afterwards it is, and the newest. */
  ask(key: number): boolean {
    if (this.#size === 0) return false;
    const had = this.has(key);
    if (had) this.#take(key);
    else this.#count += 1;
    const newest = (this.#older[this.#ends] ?? 0) - 1;
    this.#older[key] = newest + 1;
    this.#newer[key] = this.#ends + 1;
    this.#newer[newest] = key + 1;
    this.#older[this.#ends] = key + 1;
    if (this.#count <= this.#size) return had;
    this.#take((this.#newer[this.#ends] ?? 0) - 1);
    this.#count -= 1;
    return had;
  }

  has(key: number): boolean {
    return this.#newer[key] !== 0;
  }

  #take(key: number): void {
    const [newer, older] = [this.#newer[key] ?? 0, this.#older[key] ?? 0];
    this.#older[newer - 1] = older;
    this.#newer[older - 1] = newer;
    this.#newer[key] = 0;
  }
}

export function simulate(options: LayeredCache): LayeredResult {
  const { objects, requests, l1Nodes, l2Nodes, routing } = options;
  const random = sequence(options.seed);
  const pick = popularity(objects, options.skew);
  const first = Array.from({ length: l1Nodes }, () => new Lru(options.l1Size, objects));
  const second = Array.from({ length: l2Nodes }, () => new Lru(options.l2Size, objects));
  const [nodeOne, nodeTwo] = [homes(objects, l1Nodes, "l1"), homes(objects, l2Nodes, "l2")];
  const load = new Array<number>(l1Nodes).fill(0);
  const counts = { l1Hits: 0, l2Hits: 0, origin: 0 };
  for (let request = 0; request < requests; request += 1) {
    const object = pick(random());
    const any = Math.floor(random() * l1Nodes);
    const node = routing === "hashed" ? (nodeOne[object] ?? 0) : any;
    load[node] = (load[node] ?? 0) + 1;
    if (first[node]?.ask(object)) counts.l1Hits += 1;
    else if (second[nodeTwo[object] ?? 0]?.ask(object)) counts.l2Hits += 1;
    else counts.origin += 1;
  }
  let l1Distinct = 0;
  for (let object = 0; object < objects; object += 1)
    if (first.some((cache) => cache.has(object))) l1Distinct += 1;
  return {
    ...{ requests, ...counts, l1Distinct },
    l1Peak: requests === 0 ? 1 : Math.max(...load) / (requests / l1Nodes),
  };
}

const known = new Map<string, Int32Array>();

/** The node of each object; a slider that comes back to a number of nodes finds it as it was. */
function homes(objects: number, nodes: number, name: string): Int32Array {
  const key = `${name}/${nodes}/${objects}`;
  const kept = known.get(key);
  if (kept) return kept;
  const nodeOf = ring(nodes, name);
  const found = Int32Array.from({ length: objects }, (_, object) => nodeOf(object));
  if (known.size >= 64) known.clear();
  known.set(key, found);
  return found;
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
  // Where to begin to look, for each of as many equal parts: most are found at once.
  const begins = new Int32Array(objects);
  for (let part = 0, index = 0; part < objects; part += 1) {
    while (index < objects - 1 && (sums[index] ?? 0) <= (part * sum) / objects) index += 1;
    begins[part] = index;
  }
  return (at) => {
    const wanted = at * sum;
    let index = begins[Math.floor(at * objects)] ?? 0;
    while (index > 0 && (sums[index - 1] ?? 0) > wanted) index -= 1;
    while (index < objects - 1 && (sums[index] ?? 0) <= wanted) index += 1;
    return index;
  };
}

const pointsPerNode = 100;
const mostNodes = 1_024;

/** Consistent hashing: each node holds many points of a ring, and an object belongs to the next point after its own. */
export function ring(nodes: number, name: string, without?: number): (object: number) => number {
  // A point is its place and its node in one number, which typed arrays sort quickly.
  const points = new Float64Array((without === undefined ? nodes : nodes - 1) * pointsPerNode);
  let count = 0;
  for (let node = 0; node < nodes; node += 1) {
    if (node === without) continue;
    for (let copy = 0; copy < pointsPerNode; copy += 1)
      points[count++] = hashOf(`${name}/${node}/${copy}`) * mostNodes + node;
  }
  points.sort();
  return (object) => {
    const wanted = hashOf(`object/${object}`) * mostNodes;
    let [low, high] = [0, points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((points[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return (points[low % points.length] ?? 0) % mostNodes;
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
