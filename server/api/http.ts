import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createApiContext, type Services } from "./context.ts";
import { appRouter } from "./root.ts";
import { isFromOurPages } from "./same-origin.ts";

const maxBodyBytes = 4 << 20;

/** Everything the browser calls comes through here: queries, mutations and the live stream. */
export async function handleRpc(request: Request, services: Services): Promise<Response> {
  if (!isFromOurPages(request.headers, services.publicUrl)) return refuse(403, "cross-site");
  if (request.method === "POST") {
    const type = request.headers.get("content-type")?.split(";")[0]?.trim();
    if (type !== "application/json") return refuse(415, "content-type");
    if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) return refuse(413, "too-large");
  }
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: ({ resHeaders }) => createApiContext(services, request.headers, resHeaders),
    responseMeta: () => ({ headers: { "cache-control": "private, no-store" } }),
  });
}

function refuse(status: number, reason: string): Response {
  return Response.json({ error: reason }, { status, headers: { "cache-control": "no-store" } });
}
