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

/** What the viewer cannot know of any practice cluster, for lack of a right. */
const unknownToViewer: readonly ExpectedFinding[] = [
  {
    ...{ checkId: "kubernetes/istio-diagnostics", code: "sync-not-read", verdict: "unknown" },
    subject: { kind: "Service", namespace: "istio-system", name: "istiod" },
  },
];

/** What the viewer, or an administrator, is to find of all faults that were not mended; of one check or of all. */
export function expectedFindings(
  truth: Pick<Truth, "faults">,
  checkId?: string,
  user: "viewer" | "admin" = "viewer",
): ExpectedFinding[] {
  const all = [
    ...truth.faults
      .flatMap(({ expected }) => expected)
      .filter(({ only }) => only === undefined || only === user),
    ...(user === "viewer" ? unknownToViewer : []),
  ];
  return checkId === undefined ? all : all.filter((finding) => finding.checkId === checkId);
}

export function writeTruth(truth: Truth): string {
  return `${JSON.stringify(truth, null, 2)}\n`;
}
