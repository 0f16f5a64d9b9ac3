import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { cappedRequest } from "./capped-request.ts";
import { createApiContext, type Services } from "./context.ts";
import { toApiError } from "./error-shape.ts";
import { appRouter } from "./root.ts";
import { isFromOurPages } from "./same-origin.ts";

const maxBodyBytes = 4 << 20;

/** Everything the browser calls comes through here: queries, mutations and the live stream. */
export async function handleRpc(request: Request, services: Services): Promise<Response> {
  if (!isFromOurPages(request.headers, services.publicUrl)) return refuse(403, "cross-site");
  if (request.method === "POST") {
    const type = request.headers.get("content-type")?.split(";")[0]?.trim();
    if (type !== "application/json") return refuse(415, "content-type");
  }
  const whole = await cappedRequest(request, maxBodyBytes);
  if (!whole) return refuse(413, "too-large");
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: whole,
    // Our pages ask one thing at a time; a batch would be thousands of calls for the price of one.
    allowBatching: false,
    router: appRouter,
    createContext: ({ resHeaders }) => createApiContext(services, request.headers, resHeaders),
    // A stream has its own: compressing it would hold its messages back.
    responseMeta: ({ type }) =>
      type === "subscription" ? {} : { headers: { "cache-control": "private, no-store" } },
    // What fails while a stream is sent fails outside the procedures' own mapping.
    onError: ({ error, path, type }) => {
      if (type !== "subscription" || toApiError(error).code !== "internal") return;
      services.report(error.cause ?? error, path ?? "");
    },
  });
}

function refuse(status: number, reason: string): Response {
  return Response.json({ error: reason }, { status, headers: { "cache-control": "no-store" } });
}
