import type { Verdict } from "#common/verdict.ts";
import type { Controllers } from "../cluster/controllers.ts";
import type { NodeFacts, NodeState } from "../objects/node.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";
import type { Workload } from "../objects/workload.ts";

export type ExpectedFinding = {
  checkId: string;
  code?: string;
  verdict: Exclude<Verdict, "skip">;
  subject: { kind: string; namespace?: string; name: string; part?: string };
  /** the viewer lacks a right that it takes to see this */
  only?: "admin";
};

export type Site = { nodes: readonly NodeFacts[]; workers: readonly NodeFacts[] };

export type Planted = {
  workloads: Workload[];
  /**
   * objects of any kind beside the workloads, by qualified resource name ("events", "ingresses.networking.k8s.io");
   * they may speak of the planted pods, and take the place of what has the same name
   */
  objects?: (podAt: (key: string) => PodObject) => Map<string, ApiObject[]>;
  /**
   * what is different about objects that are there anyway: by qualified resource name and key ("namespace/name", or
   * "name"); what `edit` returns takes their place
   */
  changes?: { resource: string; key: string; edit: (object: ApiObject) => ApiObject }[];
  /** nodes beside the regular ones: nobody else's pods are there, only the cluster's own daemons */
  extraNodes?: { name: string; state: NodeState }[];
  /** what must be found: these findings and no others */
  expected: ExpectedFinding[];
  /** looks like the fault and is none */
  decoys: { subject: ExpectedFinding["subject"]; why: string }[];
};

/** Something that is wrong with the practice cluster on purpose, so that somebody can find and mend it. */
export type Fault = {
  id: string;
  plant: (site: Site) => Planted;
  /** does what a person would do to mend it */
  mend: (controllers: Controllers) => void;
};
