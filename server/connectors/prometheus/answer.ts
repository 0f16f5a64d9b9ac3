import { z } from "zod";
import type { ReasonCode } from "#common/result.ts";
import type { PrometheusSeries } from "../../checks/needs/endpoint-requests.ts";
import type { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { PrometheusResponse } from "./transport.ts";

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const dataSchema = z.discriminatedUnion("resultType", [
  z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: labels, value: point })) }),
  z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ metric: labels, values: z.array(point) })),
  }),
  z.object({ resultType: z.literal("scalar"), result: point }),
]);
const answerSchema = z.object({
  status: z.literal("success"),
  data: z.unknown(),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
  /** Thanos and Cortex say so where a store did not answer */
  isPartial: z.boolean().optional(),
});
const failureSchema = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

/** `data` of a good answer with its warnings; anything else is the reason, in the server's own words. */
export function readAnswer(
  response: PrometheusResponse,
  what: string,
  redact: (text: string) => string,
): { data: unknown; warnings: string[] } {
  const body = parseJson(response.text);
  if (response.status === 200) {
    const answer = answerSchema.safeParse(body);
    if (answer.success) {
      const { data, warnings = [], isPartial } = answer.data;
      return { data, warnings: isPartial && warnings.length === 0 ? ["the response is partial"] : warnings };
    }
  }
  throw failureOf(response, body, { what, redact });
}

const byStatus: Record<number, [ReasonCode, string, string]> = {
  401: ["unauthorized", "credential-not-accepted", "the server does not accept the credential (401)"],
  403: ["forbidden", "forbidden", "the server does not let this credential ask (403)"],
  429: ["throttled", "too-many-requests", "the server answers that there are too many requests (429)"],
};

const byType: Record<string, [ReasonCode, string]> = {
  bad_data: ["malformed", "query-refused"],
  execution: ["server-error", "query-failed"],
  timeout: ["timed-out", "query-timeout"],
  canceled: ["timed-out", "query-timeout"],
  unavailable: ["server-error", "service-unavailable"],
};

function failureOf(
  response: PrometheusResponse,
  body: unknown,
  { what, redact }: { what: string; redact: (text: string) => string },
): ReadError {
  const failure = failureSchema.safeParse(body);
  if (failure.success) {
    const { errorType, error } = failure.data;
    const [code, token] = byType[errorType] ?? ["server-error", "query-failed"];
    return readError(code, what, token, redact(error).slice(0, 1_000));
  }
  const known = byStatus[response.status];
  if (known) return readError(known[0], what, known[1], known[2]);
  if (response.status >= 300 && response.status < 400) {
    return readError("malformed", what, "redirect", `the server redirects (${response.status})`);
  }
  if (response.status >= 500) {
    return readError("server-error", what, "server-error", `the server answers ${response.status}`);
  }
  const sentence = `the answer (${response.status}) is not that of a Prometheus server`;
  return readError("malformed", what, "not-prometheus", sentence);
}

/** Series with at most `maxSeries` and `maxPoints` in all; `cut` where there were more. */
export function readSeries(
  data: unknown,
  limits: { maxSeries: number; maxPoints: number },
  what: string,
): { series: PrometheusSeries; cut: string | null } {
  const parsed = dataSchema.safeParse(data);
  if (!parsed.success) {
    throw readError("malformed", what, "not-prometheus", "the result is of no type that is known");
  }
  const { resultType, result } = parsed.data;
  const all =
    resultType === "scalar"
      ? [{ labels: {}, points: [result] }]
      : resultType === "vector"
        ? result.map(({ metric, value }) => ({ labels: metric, points: [value] }))
        : result.map(({ metric, values }) => ({ labels: metric, points: values }));
  const series: PrometheusSeries = [];
  let points = 0;
  for (const one of all) {
    points += one.points.length;
    if (series.length >= limits.maxSeries) return { series, cut: `${limits.maxSeries} series` };
    if (points > limits.maxPoints) return { series, cut: `${limits.maxPoints} points` };
    series.push({ labels: one.labels, points: one.points.map(toPoint) });
  }
  return { series, cut: null };
}

function toPoint([seconds, text]: [number, string]): { atMs: number; value: number | null } {
  const value = text === "" ? Number.NaN : Number(text);
  return { atMs: Math.round(seconds * 1_000), value: Number.isFinite(value) ? value : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
