import { isUnread, type Unread } from "../need.ts";
import { compare } from "../owners.ts";
import { sayings } from "./diagnose.ts";
import type { SeenClaim, SeenEvent, SeenMap, SeenNode } from "./pick-around.ts";
import type { SeenPod } from "./pick-pod.ts";
import type { Scene } from "./scene.ts";
import { type Rules, situationOf } from "./situation.ts";

export type AroundFacts = {
  events: SeenEvent[] | Unread;
  nodes: SeenNode[] | Unread;
  claims: SeenClaim[] | Unread;
  configMaps: SeenMap[] | Unread;
  scheduler: { renewedAt: string } | null | Unread;
  controllers: { renewedAt: string } | null | Unread;
};

const byName = <T extends { namespace: string; name: string }>(list: T[] | Unread) =>
  isUnread(list) ? null : new Map(list.map((one) => [`${one.namespace}/${one.name}`, one]));

function silentSeconds(lease: { renewedAt: string } | null | Unread, now: Date): number | null {
  if (lease === null || isUnread(lease)) return null;
  const seconds = (now.getTime() - Date.parse(lease.renewedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.round(seconds) : null;
}

/** Both groups of events show the same ones, and one may be told again under another name: equal ones are merged. */
function merged(events: SeenEvent[]): SeenEvent[] {
  const known = new Map<string, SeenEvent>();
  for (const event of events) {
    const key = [event.container, event.reason, event.message].join("\u0000");
    const same = known.get(key);
    if (!same) known.set(key, event);
    else
      known.set(key, {
        ...same,
        count: Math.max(same.count, event.count),
        since: compare(same.since, event.since) <= 0 ? same.since : event.since,
        at: compare(same.at, event.at) >= 0 ? same.at : event.at,
      });
  }
  return [...known.values()];
}

/** Every pod that has been abnormal for long enough, with what stands around it. */
export function scenesOf(pods: SeenPod[], around: AroundFacts, rules: Rules, now: Date): Scene[] {
  const eventsOf = Map.groupBy(isUnread(around.events) ? [] : around.events, ({ uid }) => uid);
  const nodes = isUnread(around.nodes) ? null : around.nodes;
  const nodeOf = new Map((nodes ?? []).map((node) => [node.name, node]));
  const shared = {
    eventsRead: !isUnread(around.events),
    nodes,
    claims: byName(around.claims),
    maps: byName(around.configMaps),
    schedulerSilentSeconds: silentSeconds(around.scheduler, now),
    controllersSilentSeconds: silentSeconds(around.controllers, now),
  };
  return pods.flatMap((pod): Scene[] => {
    const situation = situationOf(pod, rules, now);
    if (!situation) return [];
    const events = merged(eventsOf.get(pod.uid) ?? []);
    const node = pod.node === "" || nodes === null ? null : (nodeOf.get(pod.node) ?? "gone");
    return [{ ...shared, ...situation, pod, events, node, said: sayings({ pod, events }) }];
  });
}
