import { z } from "zod";
import type { Judgement, Needs } from "../define-check.ts";
import { http } from "../needs/endpoint.ts";
import { toCel } from "./cel-values.ts";
import type { Expressions } from "./expressions.ts";
import { identified } from "./identity.ts";
import { judgeAll } from "./judge.ts";
import type { CheckSpec, SourceSpec } from "./spec.ts";

type HttpSource = Extract<SourceSpec, { type: "http" }>;

const phaseNames = ["lookupMs", "connectMs", "tlsMs", "firstByteMs", "totalMs"] as const;
const bodyBytes = 64 * 1024;

const responseSchema = z.object({
  url: z.string(),
  status: z.number(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
  bodyTruncated: z.boolean(),
  phases: z.record(z.string(), z.number()),
});
type Response = z.infer<typeof responseSchema>;

export function responseNeeds({ url, path, method, headers }: HttpSource): Needs {
  const request = { url, ...(path !== undefined && { path }), method, headers, bodyBytes };
  const pick = ([exchange]: Response[]) => {
    if (!exchange) throw new Error("no exchange");
    return responseSchema.parse(exchange);
  };
  return { response: http.request(request, identified(pick, "response 1")) };
}

export function judgeResponse(
  spec: CheckSpec,
  expressions: Expressions,
  { response, params }: { response: unknown; params: Record<string, unknown> },
): Judgement {
  const read = responseSchema.parse(response);
  const asked = {
    subject: { kind: "endpoint", name: read.url },
    // Only where the body is asked about does it matter that the end of it is not known.
    tooLarge: read.bodyTruncated && ["body", "json"].some((name) => expressions.fields.members.has(name)),
    variables: () => ({ response: toVariables(read) }),
    evidence: () => [
      {
        source: `${(spec.source as HttpSource).method} ${read.url}`,
        excerpt: `${read.status}\n${read.body}`.slice(0, 1_000),
      },
    ],
  };
  const { findings } = judgeAll(spec, expressions, { params, all: [asked] });
  const total = read.phases.totalMs;
  return { findings, measurements: total === undefined ? [] : [{ name: "total", value: total, unit: "ms" }] };
}

/** `json` is there only where the body is JSON: whoever asks for it otherwise gets no answer instead of a wrong one. */
function toVariables({ status, headers, body, phases }: Response): Map<string, unknown> {
  const variables = new Map<string, unknown>([
    ["status", BigInt(Math.trunc(status))],
    ["headers", new Map(headers)],
    ["body", body],
    ["phases", new Map(phaseNames.map((name) => [name, phases[name] ?? 0]))],
  ]);
  try {
    variables.set("json", toCel(JSON.parse(body)));
  } catch {
    // no JSON
  }
  return variables;
}
