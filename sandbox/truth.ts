import type { ExpectedFinding } from "./faults/fault.ts";

/** What a right answer about this cluster is: every finding of every planted fault, and nothing else. */
export type Truth = {
  practice: true;
  gitVersion: string;
  seed: number;
  nodes: number;
  pods: number;
  faults: {
    id: string;
    expected: ExpectedFinding[];
    decoys: { subject: ExpectedFinding["subject"]; why: string }[];
  }[];
};

/** The expected findings of all faults that were not mended, for one check or for all. */
export function expectedFindings(truth: Truth, checkId?: string): ExpectedFinding[] {
  const all = truth.faults.flatMap(({ expected }) => expected);
  return checkId === undefined ? all : all.filter((finding) => finding.checkId === checkId);
}

export function writeTruth(truth: Truth): string {
  return `${JSON.stringify(truth, null, 2)}\n`;
}
