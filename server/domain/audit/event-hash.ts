import { createHash } from "node:crypto";

/** What comes before the first event of a chain. */
export const firstHash = "0".repeat(64);

/** The parts of an event that its hash covers; `at` in ISO 8601 with milliseconds, in UTC. */
export type HashedEvent = {
  team: string;
  sequence: number;
  at: string;
  actor: { kind: string; id: string | null; name: string };
  action: string;
  subject: { kind: string; id: string; name: string };
  details: unknown;
};

/** SHA-256, in hex, over the hash before, a line feed and the event in its one way of writing. */
export function eventHash(previousHash: string, event: HashedEvent): string {
  return createHash("sha256")
    .update(`${previousHash}\n${canonicalJson(event)}`)
    .digest("hex");
}

/** JSON with the keys of each object in the order of their UTF-16 units and no space between. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
