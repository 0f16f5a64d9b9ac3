import { expect, test } from "vitest";
import { z } from "zod";
import {
  hostileNames,
  hostileReport,
  sampleFinding,
  sampleReport,
  sampleResult,
  textOf,
} from "#testing/report-samples.ts";
import { exportFormatNames, exportFormats } from "./formats.ts";
import { writeCsv } from "./write-csv.ts";
import { writePolicyReports } from "./write-policy-reports.ts";

/** As the definition of the custom resources has it; what it does not name, the API server would drop. */
const count = z.number().int().min(0);
const text = z.string();
const dnsLabel = text.regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const dnsName = text.max(253).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const labelValue = text.regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/);
const resultSchema = z.strictObject({
  source: text,
  policy: text,
  rule: text.optional(),
  result: z.enum(["pass", "fail", "warn", "error", "skip"]),
  scored: z.boolean(),
  message: text,
  timestamp: z.strictObject({ seconds: count, nanos: count }),
  resources: z
    .array(z.strictObject({ apiVersion: text, kind: text, namespace: text.optional(), name: text }))
    .optional(),
  properties: z.record(text, text),
});
const reportSchema = z
  .strictObject({
    apiVersion: z.literal("wgpolicyk8s.io/v1alpha2"),
    kind: z.enum(["PolicyReport", "ClusterPolicyReport"]),
    metadata: z.strictObject({
      name: dnsName,
      namespace: dnsLabel.optional(),
      labels: z.record(text, labelValue),
      annotations: z.record(text, text),
    }),
    summary: z.strictObject({ pass: count, fail: count, warn: count, error: count, skip: count }),
    results: z.array(resultSchema).max(1_000),
  })
  .refine(({ kind, metadata }) => (kind === "PolicyReport") === (metadata.namespace !== undefined));
const listSchema = z.strictObject({
  apiVersion: z.literal("v1"),
  kind: z.literal("List"),
  items: z.array(reportSchema),
});
type Source = ReturnType<typeof sampleReport>;
const reports = async (source: Source) =>
  listSchema.parse(JSON.parse(await textOf(writePolicyReports(source)))).items;

test("policy reports: hostile names end in valid objects of valid names", async () => {
  const items = await reports(hostileReport());
  expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(items.length);
  const all = items.flatMap(({ results }) => results);
  expect(all).toHaveLength(hostileNames.length * 6 + 2);
  expect(items.filter(({ kind }) => kind === "PolicyReport")).toHaveLength(1);
});

test("policy reports: each object under its namespace with its API, what is no object as a property", async () => {
  const findings = [
    sampleFinding("web-0"),
    sampleFinding("api", {
      verdict: "warn",
      subject: { kind: "Deployment", namespace: "shop", name: "api" },
    }),
    sampleFinding("n1", { verdict: "unknown", subject: { kind: "Node", name: "n1" } }),
    sampleFinding("h1", { verdict: "pass", subject: { kind: "host", name: "h1" } }),
  ];
  const items = await reports(sampleReport([sampleResult("fail", { findings }), sampleResult("skip")]));
  const short = items.map(({ metadata, summary, results }) => ({
    namespace: metadata.namespace,
    summary: Object.values(summary).join(),
    resources: results.flatMap(({ resources }) => resources ?? []),
  }));
  expect(short).toEqual([
    {
      namespace: "payments",
      summary: "0,1,0,0,0",
      resources: [{ apiVersion: "v1", kind: "Pod", namespace: "payments", name: "web-0" }],
    },
    {
      namespace: "shop",
      summary: "0,0,1,0,0",
      resources: [{ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "api" }],
    },
    {
      namespace: undefined,
      summary: "1,0,0,1,1",
      resources: [{ apiVersion: "v1", kind: "Node", name: "n1" }],
    },
  ]);
});

test("policy reports: none is larger than a cluster keeps", async () => {
  const finding = (index: number) => sampleFinding(`web-${index}`, { observed: "长".repeat(5_000) });
  const findings = Array.from({ length: 5_000 }, (_, index) => finding(index));
  const items = await reports(sampleReport([sampleResult("fail", { findings })]));
  expect(items.flatMap(({ results }) => results)).toHaveLength(5_000);
  for (const item of items) expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(1_000_000);
});

test("CSV: no cell begins as a formula, and every line has every column", async () => {
  const lines = readCsv(await textOf(writeCsv(hostileReport())));
  expect(new Set(lines.map((cells) => cells.length))).toEqual(new Set([16]));
  for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});

test("every format has a name of its own for its file", () => {
  const extensions = exportFormatNames.map((name) => exportFormats[name].extension);
  expect(new Set(extensions).size).toBe(extensions.length);
});

/** RFC 4180, by the book. */
function readCsv(all: string): string[][] {
  const cells = [...all.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of cells) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") lines.push([]);
  }
  return lines.slice(0, -1);
}
