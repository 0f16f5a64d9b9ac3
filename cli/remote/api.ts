import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { RefusedError, UnavailableError, UsageError } from "../sentence-errors.ts";
import type { Login } from "./login-file.ts";

const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
});

const requestTimeoutMs = 30_000;
const mostTries = 5;
const longestPauseSeconds = 60;

export type Ask = {
  method?: "GET" | "POST";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

export type Api = {
  url: string;
  /** the answer, as the schema reads it */
  json: <S extends z.ZodType>(path: string, schema: S, ask?: Ask) => Promise<z.output<S>>;
  /** the answer as it comes */
  raw: (path: string, ask?: Ask) => Promise<Response>;
};

/** Speaks to /api/v1. Every failure is one of the sentences of sentence-errors.ts; the key is in none of them. */
export function openApi({ url, key }: Login): Api {
  const raw = async (path: string, ask: Ask = {}) => {
    const response = await tried(`${url}/api/v1${path}`, key, ask);
    if (response.ok) return response;
    throw await refusal(response, url);
  };
  const json = async <S extends z.ZodType>(path: string, schema: S, ask?: Ask): Promise<z.output<S>> => {
    const response = await raw(path, ask);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw new UnavailableError(`${url} does not answer as Weekbook does.`);
    return parsed.data;
  };
  return { url, json, raw };
}

/** Asks again where that is safe: what only reads, and what carries a key that makes it the same request. */
async function tried(target: string, key: string, ask: Ask): Promise<Response> {
  const again = (ask.method ?? "GET") === "GET" || ask.headers?.["idempotency-key"] !== undefined;
  for (let tries = 1; ; tries += 1) {
    const last = !again || tries >= mostTries;
    const response = await send(target, key, ask).catch((cause: unknown) => {
      if (ask.signal?.aborted) throw cause;
      if (last) throw new UnavailableError(`${new URL(target).origin} does not answer.`, { cause });
      return null;
    });
    if (response && (last || ![429, 502, 503, 504].includes(response.status))) return response;
    const told = Number(response?.headers.get("retry-after") ?? Number.NaN);
    const seconds = Number.isFinite(told) ? Math.min(told, longestPauseSeconds) : 2 ** (tries - 1) / 2;
    await wait(seconds * 1_000, undefined, { signal: ask.signal });
  }
}

function send(
  target: string,
  key: string,
  { method = "GET", body, headers, signal }: Ask,
): Promise<Response> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  return fetch(target, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: {
      ...{ authorization: `Bearer ${key}`, accept: "application/json", "user-agent": "weekbook-cli" },
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    // A key goes to the server it is for and to no other.
    redirect: "error",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
}

async function refusal(response: Response, url: string): Promise<Error> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success)
    return new UnavailableError(`${url} answers ${response.status}, and not as Weekbook does.`);
  const { detail, errors = [] } = parsed.data;
  const sentence = [detail, ...errors.map((each) => `${each.field}: ${each.detail}`)].join(" ");
  if (response.status === 401 || response.status === 403) return new RefusedError(sentence);
  return response.status >= 500 || response.status === 429
    ? new UnavailableError(sentence)
    : new UsageError(sentence);
}
