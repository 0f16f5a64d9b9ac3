import ipaddr from "ipaddr.js";
import type { Subject } from "#common/result.ts";

/** How findings and measurements of two clusters are recognised as the same, though no object is in both. */
export type AcrossKey = {
  key: string;
  /** by the owner of a pod, whose own name is made up anew in every cluster */
  byOwner: boolean;
  /** about a node or an address: something of one place alone, unless the other has one of that very name */
  local: boolean;
};

/** Kubernetes makes names up from these letters, which spell no words. */
const letters = "bcdfghjklmnpqrstvwxz2456789";
const podSuffix = new RegExp(`-[${letters}]{5}$`);
const templateHash = new RegExp(`-(?:[${letters}]{8,10}|[0-9]{8,10})$`);

export function acrossKey(at: { subject: Subject; code: string; targetName: string }): AcrossKey {
  const { kind, namespace, name, part } = at.subject;
  const isTarget = name === at.targetName;
  const owner = kind === "Pod" ? ownerName(name) : name;
  const place = isTarget ? "" : owner;
  return {
    key: JSON.stringify([kind, namespace ?? null, place, part ?? null, at.code]),
    byOwner: owner !== name,
    local: !isTarget && (kind === "Node" || isAddress(name)),
  };
}

/** "web-7d9f8b6c5d-x2x9z" and "web-x2x9z" are both of "web"; "web-0" keeps its number. */
export function ownerName(pod: string): string {
  const withoutSuffix = pod.replace(podSuffix, "");
  return withoutSuffix === pod ? pod : withoutSuffix.replace(templateHash, "");
}

function isAddress(name: string): boolean {
  return ipaddr.IPv6.isValid(name) || /^\d+\.\d+\.\d+\.\d+(?::\d+)?$/.test(name);
}
