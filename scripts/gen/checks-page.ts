// Makes docs/checks.md: what each check asks, with which parameters, what it reads and what it must be allowed.
import { z } from "zod";
import { permissionWords } from "#common/kubernetes/credential-gaps.ts";
import type { Check, Needs } from "#server/checks/define-check.ts";
import type { Need } from "#server/checks/needs/need.ts";
import { describeCheck } from "#server/domain/checks/describe.ts";
import { shownNeeds } from "#server/domain/checks/shown-needs.ts";
import type { Generated } from "./generated.ts";
import { readsOf } from "./reads.ts";

type ParamSchema = z.core.JSONSchema.JSONSchema & { label?: { en: string }; unit?: string };

function needsOf(check: Check): Need<unknown, boolean>[] {
  const needs: Needs = shownNeeds(check);
  return Object.values(needs);
}

function paramLine([name, schema]: [string, ParamSchema]): string {
  const initial = schema.default === undefined ? "required" : `default \`${JSON.stringify(schema.default)}\``;
  const label = schema.label === undefined ? "" : `: ${schema.label.en}`;
  return `  - \`${name}\` (${initial})${label}`;
}

function paramLines(check: Check): string[] {
  const schema = z.toJSONSchema(check.params, { io: "input", unrepresentable: "any" });
  const params = Object.entries((schema.properties ?? {}) as Record<string, ParamSchema>);
  return params.length === 0 ? [] : ["- Parameters:", ...params.map(paramLine)];
}

function permissionLines(check: Check): string[] {
  const lines = describeCheck(check).permissions.map(permissionWords);
  return lines.length === 0 ? [] : [`- Permissions: ${[...new Set(lines)].sort().join(", ")}`];
}

function section(check: Check): string {
  const needs = needsOf(check);
  return [
    `## ${check.title.en}`,
    "",
    `\`${check.id}\`, version ${check.version}${check.effect === "active" ? ", **active**" : ""}. ${check.why.en}`,
    "",
    ...(check.impact ? [`- Changes or loads: ${check.impact.en}`] : []),
    ...paramLines(check),
    `- Reads: ${needs.map(readsOf).join("; ")}`,
    ...permissionLines(check),
    "",
  ].join("\n");
}

export function checksPage(checks: readonly Check[]): Generated {
  const head = `# Checks

This page is generated from the checks themselves by \`npm run gen\`; do not edit it. A check declares what it
reads, and nothing else is read on its behalf. Permissions are those a Kubernetes credential needs.
`;
  return { path: "docs/checks.md", text: [head, ...checks.map(section)].join("\n") };
}
