import type { Verdict } from "#common/verdict.ts";
import type { Controllers } from "../cluster/controllers.ts";
import type { NodeFacts } from "../objects/node.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";
import type { Workload } from "../objects/workload.ts";

export type ExpectedFinding = {
  checkId: string;
  code?: string;
  verdict: Exclude<Verdict, "skip">;
  subject: { kind: string; namespace?: string; name: string; part?: string };
};

export type Site = { nodes: readonly NodeFacts[]; workers: readonly NodeFacts[] };

export type Planted = {
  workloads: Workload[];
  /** objects beside the workloads, by qualified resource name; they may speak of the planted pods */
  objects?: (podAt: (key: string) => PodObject) => Map<string, ApiObject[]>;
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
