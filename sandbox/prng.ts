import { hash } from "node:crypto";

/** Deterministic pseudo-random numbers (mulberry32): same seed, same sequence, on every platform. */
export type Random = {
  /** in [0, 1) */
  next(): number;
  /** an integer in [from, to] */
  between(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick<T>(from: readonly T[]): T {
      const chosen = from[Math.floor(next() * from.length)];
      if (chosen === undefined) throw new RangeError("Nothing to pick from.");
      return chosen;
    },
  };
}

/** 32 bits of a text (FNV-1a), to derive a number from a name. */
export function numberFrom(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

export function hexFrom(text: string, length: number): string {
  return hash("sha256", text, "hex").slice(0, length);
}

/** The UUID that always belongs to this text. */
export function uidFrom(text: string): string {
  const hex = hash("sha1", text, "hex");
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Kubernetes' own alphabet for generated names: no vowels, no digit that looks like one. */
const nameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

export function suffixFrom(text: string, length: number): string {
  const random = createRandom(numberFrom(text));
  let suffix = "";
  while (suffix.length < length) suffix += nameAlphabet[Math.floor(random.next() * nameAlphabet.length)];
  return suffix;
}
