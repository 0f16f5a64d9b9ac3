import type { ReadContext } from "../connector.ts";
import { ReadError } from "../connector.ts";
import { detailToken, systemCode } from "../read-error.ts";
import type { Clock } from "./clock.ts";
import type { Limiter } from "./limiter.ts";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

/** Exchanges with the API server, limited and, where that is safe, retried. */
export type Api = {
  send(request: ApiRequest, context: ReadContext): Promise<ApiResponse>;
  /** Waits for its turn, and then for nobody: never tried again, as only who reads knows what it has seen. */
  stream: Transport["stream"];
};

const maxRetries = 3;
const firstBackoffMs = 250;
const longestBackoffMs = 5_000;
const longestRetryAfterMs = 15_000;

export function createApi(parts: {
  transport: Transport;
  limiter: Limiter;
  clock: Clock;
  random: () => number;
}): Api {
  const { transport, limiter, clock, random } = parts;

  async function attempt(request: ApiRequest, context: ReadContext): Promise<ApiResponse | ReadError> {
    try {
      return await limiter.run(context.signal, () => transport.send(request, context));
    } catch (error) {
      if (error instanceof ReadError && isBrokenConnection(error)) return error;
      throw error;
    }
  }

  return {
    async stream(request, context, watching) {
      await limiter.run(context.signal, () => Promise.resolve());
      return transport.stream(request, context, watching);
    },
    async send(request, context) {
      for (let retry = 0; ; retry++) {
        const answer = await attempt(request, context);
        const isError = answer instanceof ReadError;
        if (!isError && answer.status === 429) context.meter.throttled();
        const isTransient = isError || [429, 503, 504].includes(answer.status);
        if (!isTransient || request.method !== "GET" || request.once || retry === maxRetries) {
          if (isError) throw answer;
          return answer;
        }
        const backoffMs = random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** retry);
        const askedMs = isError ? 0 : retryAfterMs(answer.retryAfter);
        if (askedMs > 0) limiter.pause(askedMs);
        await clock.wait(askedMs + backoffMs, context.signal);
      }
    },
  };
}

/** Only what was cut or reset: a refused connection or an untrusted certificate does not mend within seconds. */
function isBrokenConnection(error: ReadError): boolean {
  const token = detailToken(error);
  return token === "connection-cut" || (token === "tls-closed" && systemCode(error) === "ECONNRESET");
}

function retryAfterMs(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(longestRetryAfterMs, Math.max(0, seconds * 1000)) : 0;
}
