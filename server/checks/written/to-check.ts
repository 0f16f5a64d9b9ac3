import { createHash } from "node:crypto";
import { z } from "zod";
import type { TargetKind } from "#common/result.ts";
import type { Check, Judgement, Needs } from "../define-check.ts";
import { param } from "../needs/param.ts";
import { commandNeeds, judgeOutput, judgePlugin } from "./command-check.ts";
import { compileExpressions } from "./expressions.ts";
import { judgeObjects, objectNeeds } from "./object-check.ts";
import { judgeResponse, responseNeeds } from "./response-check.ts";
import type { CheckSpec, ParamSpec, SourceSpec } from "./spec.ts";

const targets: Record<SourceSpec["type"], TargetKind> = {
  kubernetes: "kubernetes",
  host: "host",
  nagios: "host",
  http: "endpoint",
};

/** A written check as the engine knows checks: the same needs, facts and judgement as those that are code. */
export function toCheck(spec: CheckSpec, { id, version }: { id: string; version: number }): Check {
  const { needs, judge } = bodyOf(spec);
  return {
    id,
    target: targets[spec.source.type],
    version,
    title: spec.title,
    why: spec.why,
    remedy: spec.remedy,
    effect: "read",
    params: z.object(Object.fromEntries(spec.params.map((each) => [each.name, paramSchema(each)]))),
    needs: () => needs,
    judge,
  };
}

type Body = {
  needs: Needs;
  judge: (facts: Record<string, unknown>, params: Record<string, unknown>) => Judgement;
};

function bodyOf(spec: CheckSpec): Body {
  const { source } = spec;
  const expressions = compileExpressions(spec);
  switch (source.type) {
    case "kubernetes":
      return {
        needs: objectNeeds(source, expressions.fields),
        judge: ({ objects }, params) => judgeObjects(spec, expressions, { objects, params }),
      };
    case "host":
      return {
        needs: commandNeeds(source),
        judge: ({ output }, params) => judgeOutput({ ...spec, source }, expressions, { output, params }),
      };
    case "nagios":
      return {
        needs: commandNeeds(source),
        judge: ({ output }) => judgePlugin({ ...spec, source }, output),
      };
    case "http":
      return {
        needs: responseNeeds(source),
        judge: ({ response }, params) => judgeResponse(spec, expressions, { response, params }),
      };
  }
}

function paramSchema(spec: ParamSpec): z.ZodType {
  const { label = { en: spec.name, "zh-CN": spec.name }, help, unit } = spec;
  const meta = { label, ...(help && { help }), ...(unit && { unit }) };
  return param(typed(spec).default(spec.default as never), meta);
}

function typed({
  type,
  options = [],
  minimum,
  maximum,
}: ParamSpec): z.ZodType & { default: z.ZodType["default"] } {
  if (type === "boolean") return z.boolean();
  if (type === "enum") return z.enum(options);
  if (type === "string") return z.string().max(500);
  let number: z.ZodNumber = type === "integer" ? z.int() : z.number();
  if (minimum !== undefined) number = number.min(minimum);
  if (maximum !== undefined) number = number.max(maximum);
  return number;
}

/** Of all there is to the check: whatever is changed in it makes another of it. */
export function hashOf(spec: CheckSpec): string {
  return createHash("sha256").update(canonical(spec)).digest("hex");
}

/** The same text whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
