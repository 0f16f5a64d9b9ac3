import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./context.ts";
import { encodeToken } from "./continue-token.ts";
import type { Trouble } from "./disturbances.ts";
import { respond } from "./respond.ts";
import { ApiError } from "./status.ts";

/** Gives the ordered trouble in place of the answer, or on top of it. */
export async function disturb(
  trouble: Trouble,
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<Answer>,
): Promise<number> {
  switch (trouble.kind) {
    case "status":
      return respond(request, response, refusalOf(trouble));
    case "slow": {
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      await delay(trouble.delayMs, undefined, { signal: gone.signal });
      return respond(request, response, await answer());
    }
    case "cut":
      return cut(request, response, await answer(), trouble.afterBytes);
    case "reset":
      request.socket.destroy();
      return 0;
    case "hang":
      await new Promise((resolve) => response.once("close", resolve));
      return 0;
    case "garbage":
      return respond(request, response, {
        status: 200,
        headers: { "Content-Type": "application/json" },
        text: "<html><body>It works</body></html>",
      });
  }
}

function refusalOf({ status, retryAfterSeconds }: Extract<Trouble, { kind: "status" }>): Answer {
  const retry: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
  const nosniff = { "X-Content-Type-Options": "nosniff" };
  if (status === 429) {
    const headers = { "Retry-After": "1", ...nosniff, ...retry };
    return { status, headers, text: "Too many requests, please try again later.\n" };
  }
  if (status === 503) return { status, headers: { ...nosniff, ...retry }, text: "service unavailable\n" };
  if (status === 504) {
    const error = new ApiError(
      504,
      "Timeout",
      "Timeout: request did not complete within the allotted timeout",
      {
        details: {},
      },
    );
    const { kind: _, apiVersion: __, ...body } = error.toStatus();
    return { status, headers: retry, text: `${JSON.stringify(body)}\n` };
  }
  const reasons = { 401: "Unauthorized", 403: "Forbidden", 410: "Expired", 500: "InternalError" } as const;
  const messages = {
    401: "Unauthorized",
    403: "forbidden: ordered by a test",
    410: "The provided continue parameter is too old to display a consistent list result.",
    500: "Internal error occurred: ordered by a test",
  };
  const error = new ApiError(status, reasons[status], messages[status], {
    ...(status === 410 && { continueToken: encodeToken({ revision: -1, start: "a/a\0" }) }),
  });
  return { status, headers: retry, object: error.toStatus() };
}

/** A 200 that ends too early, as after the 60 s a real server allows. */
async function cut(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  afterBytes: number,
): Promise<number> {
  const { socket } = request;
  const send = response.write.bind(response);
  const body =
    "pieces" in answer
      ? [...answer.pieces].join("")
      : "text" in answer
        ? answer.text
        : JSON.stringify("object" in answer ? answer.object : {});
  response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
  await new Promise<void>((resolve) => send(Buffer.from(body).subarray(0, afterBytes), () => resolve()));
  // half-closed first, so that what was written still arrives
  await new Promise<void>((resolve) => socket.end(resolve));
  return afterBytes;
}
