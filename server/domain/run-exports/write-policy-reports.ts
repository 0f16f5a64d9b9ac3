import type { ReportResult } from "#common/contracts/report.ts";
import type { ReportSource } from "./formats.ts";
import { policyResult } from "./policy-result.ts";

// A cluster keeps an object of 1.5 MB at most, and asks for less.
const resultsInReport = 1_000;
const bytesInReport = 700_000;
const bytesHeld = 16_000_000;

type Bucket = {
  cluster: string;
  namespace: string | undefined;
  results: string[];
  counts: Counts;
  bytes: number;
};
type Counts = { pass: number; fail: number; warn: number; error: number; skip: number };

/**
 * PolicyReports and ClusterPolicyReports (wgpolicyk8s.io/v1alpha2) as one List for `kubectl apply -f`: a report for each
 * cluster and namespace, several where there is much to say. What is about no namespace is in a ClusterPolicyReport.
 */
export async function* writePolicyReports({ head, results }: ReportSource): AsyncGenerator<string> {
  const buckets = new Map<string, Bucket>();
  let held = 0;
  let written = 0;
  const write = (key: string, bucket: Bucket) => {
    buckets.delete(key);
    held -= bucket.bytes;
    written += 1;
    return `${written === 1 ? "\n" : ",\n"}${reportText(bucket, head, written)}`;
  };
  yield `{"apiVersion":"v1","kind":"List","items":[`;
  for await (const result of results) {
    const cluster = result.cluster ?? head.cluster;
    for (const { namespace, ...told } of toldOf(result, head)) {
      const key = JSON.stringify([cluster, namespace]);
      const bucket = buckets.get(key) ?? emptyBucket(cluster, namespace);
      buckets.set(key, bucket);
      const text = JSON.stringify(told);
      const bytes = Buffer.byteLength(text);
      bucket.results.push(text);
      bucket.counts[told.result] += 1;
      bucket.bytes += bytes;
      held += bytes;
      if (bucket.results.length >= resultsInReport || bucket.bytes >= bytesInReport) yield write(key, bucket);
      else if (held > bytesHeld) for (const most of largest(buckets)) yield write(...most);
    }
  }
  for (const [key, bucket] of buckets) yield write(key, bucket);
  yield "\n]}\n";
}

/** Its findings; and itself where none says what it came to. */
function toldOf(result: ReportResult, { endedAt }: ReportSource["head"]) {
  const findings = result.findings.map((finding) => policyResult(result, finding, endedAt));
  const said = result.findings.some(({ verdict }) => verdict === result.verdict);
  return said ? findings : [policyResult(result, null, endedAt), ...findings];
}

function emptyBucket(cluster: string, namespace: string | undefined): Bucket {
  const counts = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  return { cluster, namespace, results: [], counts, bytes: 0 };
}

function largest(buckets: Map<string, Bucket>): [string, Bucket][] {
  return [...buckets].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, 1);
}

/** Names differ within a run, also between clusters, and are the same when it is exported again. */
function reportText(bucket: Bucket, { runId, startedAt }: ReportSource["head"], number: number): string {
  const run = runId ?? startedAt.replace(/\D/g, "").slice(0, 14);
  const report = {
    apiVersion: "wgpolicyk8s.io/v1alpha2",
    kind: bucket.namespace === undefined ? "ClusterPolicyReport" : "PolicyReport",
    metadata: {
      name: `weekbook-${run}-${number}`,
      ...(bucket.namespace === undefined ? {} : { namespace: bucket.namespace }),
      labels: { "app.kubernetes.io/managed-by": "weekbook", ...clusterLabel(bucket.cluster) },
      annotations: { "weekbook/run": run, "weekbook/cluster": bucket.cluster },
    },
    summary: bucket.counts,
  };
  return `${JSON.stringify(report).slice(0, -1)},"results":[${bucket.results.join(",")}]}`;
}

function clusterLabel(cluster: string): Record<string, string> {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(cluster)
    ? { "weekbook/cluster": cluster }
    : {};
}
