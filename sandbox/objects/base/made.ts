import { uidFrom } from "../../prng.ts";
import type { Plan } from "../plan.ts";
import { time } from "../time.ts";
import type { ApiObject } from "../types.ts";

/** Objects by qualified resource name, as they are stored. */
export type BaseObjects = Record<string, ApiObject[]>;

/** The cluster was installed this long before its epoch. */
const installedAgoMs = 90 * 86_400_000;

export const installed = (plan: Plan) => time(plan.epochMs - installedAgoMs);

type Place = { name: string; namespace?: string };
type More = { labels?: Record<string, string>; annotations?: Record<string, string>; generation?: number };

/** The metadata of an object that is there since the cluster was installed. */
export function made(plan: Plan, kind: string, { namespace, name }: Place, more: More = {}) {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: uidFrom(`${plan.seed}/${kind}/${namespace ?? ""}/${name}`),
    creationTimestamp: installed(plan),
    ...more,
  };
}

export function merged(all: readonly BaseObjects[]): Map<string, ApiObject[]> {
  const found = new Map<string, ApiObject[]>();
  for (const one of all) {
    for (const [name, list] of Object.entries(one)) found.set(name, [...(found.get(name) ?? []), ...list]);
  }
  return found;
}
