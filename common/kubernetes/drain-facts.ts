import type { NodeSelectorTerm } from "kubernetes-types/core/v1.d.ts";
import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";
import type { PlacementNode, PlacementRules } from "./placement.ts";

/** What must be known of a cluster to tell what taking nodes away does to it. Small, and plain JSON. */

export type DrainNode = PlacementNode & {
  ready: boolean;
  controlPlane: boolean;
  /** what pods may ask for in all */
  cpuMillis: number;
  memoryBytes: number;
  podRoom: number;
};

/** A pod that is not finished. Flags are there only where they hold. */
export type DrainPod = {
  namespace: string;
  name: string;
  owner?: { kind: string; name: string; hash?: string };
  /** "" while it has none */
  node: string;
  labels: Record<string, string>;
  cpuMillis: number;
  memoryBytes: number;
  ready?: true;
  /** asked to end already */
  ending?: true;
  /** not started yet: no budget holds it */
  pending?: true;
  /** from a file on its node; nothing evicts it */
  mirror?: true;
  /** an emptyDir, whose content goes with the pod */
  scratch?: true;
  claims?: string[];
  rules?: PlacementRules;
  /** required anti-affinity within its namespace */
  apart?: { topologyKey: string; selector: LabelSelector }[];
};

export type DrainService = {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  /** its endpoints need not be ready */
  unready?: true;
};

export type DrainBudget = {
  namespace: string;
  name: string;
  selector?: LabelSelector;
  /** as written: "maxUnavailable: 1" */
  rule: string;
  /** what the disruption controller says of it */
  allowed: number;
  healthy: number;
  desired: number;
  expected: number;
  /** nothing may go, since then */
  blockedSince?: string;
  /** pods that are not ready may go whatever the budget says (AlwaysAllow) */
  unreadyMayGo?: true;
};

/** A volume that only some nodes can reach, and the claim that holds it. */
export type DrainVolume = { namespace: string; claim: string; terms: NodeSelectorTerm[] };

export type DrainFacts = {
  nodes: DrainNode[];
  pods: DrainPod[];
  services: DrainService[];
  budgets: DrainBudget[];
  volumes: DrainVolume[];
};

/** A DaemonSet's pods stay where they are during a drain and go down with the node. */
export const isDaemon = ({ owner }: DrainPod): boolean => owner?.kind === "DaemonSet";

/** Nobody makes such a pod anew. */
export const isBare = ({ owner, mirror }: DrainPod): boolean => owner === undefined && !mirror;

/** A drain asks for its eviction. */
export const isEvicted = (pod: DrainPod): boolean => !pod.mirror && !pod.ending && !isDaemon(pod);

export const keyOf = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${namespace}/${name}`;
