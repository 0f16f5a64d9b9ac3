import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { z } from "zod";
import type { Preview, validateInputSchema } from "#common/contracts/team-runbook.ts";
import { coverageSchema } from "#common/result.ts";
import type { Check } from "#server/checks/define-check.ts";
import { defaultLimits } from "#server/engine/execution.ts";
import { type Judged, judgeFacts } from "#server/engine/judge.ts";
import { judgeAgain, storedFactsSchema } from "#server/engine/judge-again.ts";
import { createRedactor } from "#server/redact.ts";
import type { TeamContext } from "../context.ts";
import { readVersion } from "./load.ts";
import type { WrittenCheck } from "./read-text.ts";
import { readSample } from "./sample.ts";

type Input = z.output<typeof validateInputSchema>;

const unzip = promisify(zstdDecompress);
const redactor = createRedactor([]);
const mostFindings = 20;
/** How many results back facts are looked for that hold what the draft asks. */
const mostResults = 5;
const mostBytes = 32 << 20;

/** What each check of a draft says of facts that were read before: nothing is asked of any target. */
export async function previewChecks({ ctx, input }: { ctx: TeamContext; input: Input }): Promise<Preview[]> {
  const draft = {
    slug: input.slug ?? "draft",
    createdAt: ctx.now(),
    text: input.text,
    number: 1,
    checks: [],
  };
  const { checks } = await readVersion(draft);
  const previews: Preview[] = [];
  // One after the other: facts may be large, and each judgement has a budget of its own.
  for (const written of checks) previews.push(await previewOne(ctx, written));
  return previews;
}

async function previewOne(ctx: TeamContext, written: WrittenCheck): Promise<Preview> {
  return (await onStored(ctx, written.check)) ?? (await onSample(written)) ?? nothingRead(written.check);
}

/** The newest result whose facts hold all that the draft would read. */
async function onStored(ctx: TeamContext, check: Check): Promise<Preview | undefined> {
  const results = await ctx.db.result.findMany({
    where: { teamId: ctx.team.id, checkId: check.id, phase: "done", target: { not: "none" } },
    orderBy: { runId: "desc" },
    take: mostResults,
  });
  for (const result of results) {
    const at = {
      runId: result.factsRunId ?? result.runId,
      resultId: result.factsResultId ?? result.id,
    };
    const facts = await ctx.db.facts.findUnique({ where: { runId_resultId: at } });
    if (!facts || facts.byteLength > mostBytes) continue;
    const text = await unzip(facts.data, { maxOutputLength: Math.max(1, facts.byteLength) });
    const stored = storedFactsSchema.parse(JSON.parse(text.toString("utf8")));
    const coverage = z.array(coverageSchema).parse(result.coverage);
    const params = check.params.parse({});
    const again = judgeAgain(
      { check, params, targetKey: result.target },
      { ...stored, coverage, checkVersion: result.checkVersion, params: Object(result.params) },
      { scope: result.clusterId, findingsPerResult: defaultLimits.findingsPerResult, redactor },
    );
    if (again.reason?.code === "not-recorded") continue;
    const cluster = await ctx.db.cluster.findFirst({
      where: { id: result.clusterId, teamId: ctx.team.id },
      select: { name: true },
    });
    const place = { cluster: cluster?.name ?? "", target: result.targetName };
    const read = coverage.reduce((sum, part) => sum + part.read, 0);
    return toPreview(check, again, { from: { from: "result", ...place, at: stored.observedAt }, read });
  }
  return undefined;
}

/** Objects of the practice cluster that come with the product, planted faults among them. */
async function onSample({ spec, check }: WrittenCheck): Promise<Preview | undefined> {
  const need = check.needs({}).objects;
  if (spec.source.type !== "kubernetes" || need?.type !== "kubernetes.list") return undefined;
  const objects = await readSample(spec.source.kind);
  if (!objects) return undefined;
  const picked = objects.map((object) => need.pick(object));
  const judged = judgeFacts(check, check.params.parse({}), { objects: picked }, new Date(0), []);
  return toPreview(check, judged, { from: { from: "sample" }, read: picked.length });
}

function nothingRead(check: Check): Preview {
  const judged = { verdict: null, findings: [], measurements: [] };
  return toPreview(check, judged, { from: { from: "none" }, read: 0 });
}

function toPreview(
  check: Check,
  judged: Pick<Judged, "findings" | "measurements" | "reason"> & { verdict: Preview["verdict"] },
  { from, read }: { from: Preview["facts"]; read: number },
): Preview {
  const { reason } = judged;
  return {
    ...{ checkId: check.id, facts: from, verdict: judged.verdict, read },
    findings: judged.findings.slice(0, mostFindings).map(({ verdict, subject, message }) => ({
      verdict,
      subject: [subject.namespace, subject.name].filter((part) => part !== undefined).join("/"),
      message,
    })),
    findingCount: judged.findings.length,
    measurements: judged.measurements
      .slice(0, mostFindings)
      .map(({ name, value, unit }) => ({ name, value, unit })),
    reason: reason ? [reason.what, reason.detail].filter((part) => part !== undefined).join(": ") : null,
  };
}
