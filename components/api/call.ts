import type { ApiError } from "#common/contracts/error.ts";
import { fromWire, toWire } from "#common/wire.ts";

export const apiPath = "/api/trpc";

/** A call that was answered with a refusal. A call that was not answered fails with fetch's own error. */
export class CallError extends Error {
  readonly data: ApiError;
  constructor(data: ApiError) {
    super(data.key);
    this.data = data;
  }
}

type Answer = { result?: { data: unknown }; error?: unknown };

export const asParameter = (input: unknown): string => encodeURIComponent(JSON.stringify(toWire(input)));

/** One procedure, one request. `data` of the answer is what the procedure's output says. */
export async function call(kind: "query" | "mutation", procedure: string, input: unknown): Promise<unknown> {
  const url = `${apiPath}/${procedure}`;
  const response =
    kind === "query"
      ? await fetch(input === undefined ? url : `${url}?input=${asParameter(input)}`)
      : await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(toWire(input)),
        });
  const answer = (await response.json()) as Answer;
  if (answer.result) return fromWire(answer.result.data);
  const refusal = fromWire(answer.error) as { data?: ApiError } | undefined;
  throw refusal?.data ? new CallError(refusal.data) : new Error(`${procedure}: ${response.status}`);
}
