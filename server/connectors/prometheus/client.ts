import { z } from "zod";
import type { Reason } from "#common/result.ts";
import type {
  PrometheusQueryRequest,
  PrometheusRangeRequest,
  PrometheusSeries,
} from "../../checks/needs/endpoint-requests.ts";
import { createRedactor } from "../../redact.ts";
import type { EndpointConnector, ReadContext, Reading } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readError } from "../read-error.ts";
import type { PrometheusAccess } from "./access.ts";
import { readAnswer, readSeries } from "./answer.ts";
import { createTransport } from "./transport.ts";

type PrometheusRequest = PrometheusQueryRequest | PrometheusRangeRequest;
export type PrometheusConnector = EndpointConnector<PrometheusRequest> & {
  version(context: ReadContext): Promise<string>;
};
export type PrometheusConnectorOptions = {
  dialler: Dialler;
  own: PrometheusAccess;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  maxBodyBytes?: number;
  maxSeries?: number;
  maxPoints?: number;
  nowMs?: () => number;
};

const buildSchema = z.object({ version: z.string() });

/** Asks the query API of Prometheus or of whatever speaks it (Thanos, Mimir, VictoriaMetrics). */
export function createPrometheusConnector(options: PrometheusConnectorOptions): PrometheusConnector {
  const { own: access, dialler } = options;
  const nowMs = options.nowMs ?? Date.now;
  const limits = { maxSeries: options.maxSeries ?? 5_000, maxPoints: options.maxPoints ?? 200_000 };
  const requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
  const { text: redact } = createRedactor(secretsOf(access));
  const transport = createTransport(access, {
    dialler,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    requestTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? 16 << 20,
  });

  async function ask(path: string, what: string, context: ReadContext) {
    return readAnswer(await transport.get(path, what, context), what, redact);
  }

  return {
    async read<R extends PrometheusRequest>(
      request: R,
      context: ReadContext,
    ): Promise<Reading<PrometheusSeries>> {
      const what = `query ${transport.place}: ${shortened(request.query)}`;
      const parameters = new URLSearchParams({
        query: request.query,
        timeout: `${Math.max(1, Math.floor(requestTimeoutMs / 1_000) - 1)}s`,
        ...timesOf(request, nowMs),
      });
      const path = request.type === "prometheus.query" ? "/api/v1/query" : "/api/v1/query_range";
      const { data, warnings } = await ask(`${path}?${parameters}`, what, context);
      const { series, cut } = readSeries(data, limits, what);
      const missing = warnings.map((warning): Reason => {
        return { code: "server-error", what, detail: `warning: ${redact(warning).slice(0, 500)}` };
      });
      if (cut) {
        const detail = `answer-too-large: more than ${cut}; the rest was not read`;
        missing.push({ code: "truncated", what, detail });
      }
      return { value: series, read: series.length, missing };
    },

    /** Where build information is not served, that queries are answered is all that can be said. */
    async version(context) {
      const what = "read the server's version";
      const response = await transport.get("/api/v1/status/buildinfo", what, context);
      if (response.status === 404) {
        await ask("/api/v1/query?query=1", what, context);
        return "";
      }
      const build = buildSchema.safeParse(readAnswer(response, what, redact).data);
      if (build.success) return build.data.version;
      throw readError("malformed", what, "not-prometheus", "the answer is not that of a Prometheus server");
    },

    close: transport.close,
  };
}

function timesOf(request: PrometheusRequest, nowMs: () => number): Record<string, string> {
  if (request.type === "prometheus.query") return {};
  const end = nowMs() / 1_000;
  const start = end - request.windowSeconds;
  return { start: start.toFixed(3), end: end.toFixed(3), step: String(request.stepSeconds) };
}

function secretsOf({ auth }: PrometheusAccess): string[] {
  if (!auth) return [];
  return auth.type === "bearer" ? [auth.token] : [auth.password];
}

function shortened(query: string): string {
  const words = query.replace(/\s+/g, " ");
  return words.length > 100 ? `${words.slice(0, 99)}…` : words;
}
