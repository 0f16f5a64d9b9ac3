import { z } from "zod";
import type { Evidence, Finding, Subject } from "#common/result.ts";
import type { Judgement, Needs } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { toCel } from "./cel-values.ts";
import type { Expressions } from "./expressions.ts";
import { identified } from "./identity.ts";
import { judgeAll } from "./judge.ts";
import { alerts, type Perf, rangeWords, splitOutput, toMeasurements } from "./perfdata.ts";
import type { CheckSpec, CommandSpec } from "./spec.ts";

/** Kept with the result; what is longer is judged as far as nobody can tell. */
const mostCharacters = 128 * 1024;

const outputSchema = z.object({
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.number(),
  truncated: z.boolean().optional(),
});
type Output = z.infer<typeof outputSchema>;

export function commandNeeds({ argv, sudo, timeoutSeconds }: CommandSpec): Needs {
  const parse = identified((output: Output) => kept(output), "output 1");
  return { output: host.command(argv, parse, { ...(sudo && { sudo }), timeoutMs: timeoutSeconds * 1_000 }) };
}

function kept({ stdout, stderr, exitCode }: Output): Output {
  const truncated = stdout.length > mostCharacters || stderr.length > mostCharacters;
  const cut = { stdout: stdout.slice(0, mostCharacters), stderr: stderr.slice(0, mostCharacters), exitCode };
  return truncated ? { ...cut, truncated } : cut;
}

function subjectOf({ argv }: CommandSpec): Subject {
  return { kind: "host", name: argv.join(" ").slice(0, 120) };
}

export function judgeOutput(
  spec: CheckSpec & { source: CommandSpec },
  expressions: Expressions,
  { output, params }: { output: unknown; params: Record<string, unknown> },
): Judgement {
  const read = outputSchema.parse(output);
  const asked = {
    subject: subjectOf(spec.source),
    tooLarge: read.truncated ?? false,
    variables: () => ({ output: toCel({ ...read, lines: linesOf(read.stdout) }) }),
    evidence: () => evidenceOf(spec.source, read),
  };
  const { findings } = judgeAll(spec, expressions, { params, all: [asked] });
  return { findings };
}

/** Without the empty one after the last line's end. */
function linesOf(text: string): string[] {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.length === 1 && lines[0] === "" ? [] : lines;
}

function evidenceOf({ argv }: CommandSpec, { stdout, stderr, exitCode }: Output): Evidence[] {
  const excerpt = [stdout.trim(), stderr.trim()].filter((part) => part !== "").join("\n");
  return [{ source: `${argv.join(" ")} (${exitCode})`, excerpt: excerpt.slice(0, 2_000) }];
}

const pluginVerdicts = ["pass", "warn", "fail", "unknown"] as const;

/** As a Nagios plugin says it: by exit code, with its first line, and with its performance data as measurements. */
export function judgePlugin(spec: CheckSpec & { source: CommandSpec }, output: unknown): Judgement {
  const read = outputSchema.parse(output);
  const { first, perf } = splitOutput(read.stdout);
  const measurements = toMeasurements(perf);
  const verdict = read.truncated ? "unknown" : (pluginVerdicts[read.exitCode] ?? "unknown");
  if (verdict === "pass") return { findings: [], measurements };
  const words = first || read.stderr.trim().split("\n")[0] || `exit code ${read.exitCode}`;
  const beyond = perf.flatMap(breachWords);
  const finding: Finding = {
    verdict,
    code: verdict === "unknown" ? `${spec.id}-untold` : spec.id,
    subject: subjectOf(spec.source),
    message: { en: words.slice(0, 600), "zh-CN": words.slice(0, 600) },
    ...(beyond[0] && {
      observed: beyond
        .map((each) => each.observed)
        .join(", ")
        .slice(0, 500),
      expected: beyond
        .map((each) => each.expected)
        .join(", ")
        .slice(0, 500),
    }),
    evidence: evidenceOf(spec.source, read),
  };
  return { findings: [finding], measurements };
}

/** Which of the plugin's own limits its own value passes. */
function breachWords({ label, value, unit, warn, crit }: Perf): { observed: string; expected: string }[] {
  if (value === null) return [];
  const broken = [crit, warn].find((range) => range && alerts(range, value));
  if (!broken) return [];
  return [{ observed: `${label} ${value}${unit}`, expected: `${label} ${rangeWords(broken)}${unit}` }];
}
