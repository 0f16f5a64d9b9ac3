import type { ApiError } from "#common/contracts/error.ts";
import { authenticateKey, requireScope } from "#server/domain/api-keys/authenticate.ts";
import { countRequest, type RequestAllowance, requestLimit } from "#server/domain/api-keys/count-request.ts";
import { publicKeys } from "#server/domain/signing-keys/list.ts";
import { AppError } from "#server/errors.ts";
import { cappedRequest } from "../capped-request.ts";
import { domainContext, type Services } from "../context.ts";
import { appErrorShape } from "../error-shape.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { fileResponse, isFileAnswer } from "./file-response.ts";
import { type Match, matches } from "./match.ts";
import { openApiDocument } from "./open-api.ts";
import { toProblem } from "./problem.ts";

export const apiRoot = "/api/v1";
const maxBodyBytes = 4 << 20;
const noStore = { "cache-control": "no-store" };

/**
 * The API for programs. It knows a caller by the key in `Authorization` alone and looks at no cookie, so no page can
 * make a browser speak for its user here; without CORS headers no page of another site reads an answer either.
 */
export async function handleRest(request: Request, services: Services): Promise<Response> {
  const headers = new Headers(noStore);
  try {
    return await answer(request, services, headers);
  } catch (error) {
    return refuse(shapeOf(error, services, request), headers);
  }
}

async function answer(request: Request, services: Services, headers: Headers): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname.slice(apiRoot.length);
  if (path === "/openapi.json" && request.method === "GET") {
    return Response.json(openApiDocument(services.publicUrl), { headers: { "cache-control": "no-cache" } });
  }
  if (path === "/signing-keys.pem" && request.method === "GET") {
    headers.set("content-type", "application/x-pem-file");
    return new Response(await publicKeys(services), { headers });
  }
  const { endpoint, params } = choose(request.method, path, headers);
  const holder = await authenticateKey(
    domainContext({ services, headers: request.headers, actor: { type: "nobody" } }),
    secretOf(request.headers, headers),
  ).catch((error: unknown) => {
    if (error instanceof AppError)
      headers.set("www-authenticate", 'Bearer realm="weekbook", error="invalid_token"');
    throw error;
  });
  const allowance = await countRequest(services.db, holder.key.id);
  tellAllowance(headers, allowance);
  if (!allowance.allowed) {
    const values = { most: allowance.limit, seconds: allowance.resetSeconds };
    throw new AppError("too-many", "api-key-too-fast", { values });
  }
  if (endpoint.scope !== null) requireScope(holder, endpoint.scope);
  const body = endpoint.body === null ? "" : await readText(request);
  const output = await endpoint.answerTo({
    holder,
    params,
    query: searchParams,
    headers: request.headers,
    body,
  });
  return toResponse(endpoint, output, headers);
}

function choose(method: string, path: string, headers: Headers): Match {
  const found = matches(endpoints, path);
  if (found.length === 0) throw new AppError("not-found", "route-not-found");
  const match = found.find(({ endpoint }) => endpoint.method === method);
  if (match) return match;
  headers.set("allow", found.map(({ endpoint }) => endpoint.method).join(", "));
  throw new HttpRefusal(405, "method-not-allowed");
}

function secretOf(given: Headers, answered: Headers): string {
  const [, secret] = /^bearer +(\S+)$/i.exec(given.get("authorization") ?? "") ?? [];
  if (secret !== undefined) return secret;
  answered.set("www-authenticate", 'Bearer realm="weekbook"');
  throw new AppError("unauthenticated", "api-key-missing");
}

async function readText(request: Request): Promise<string> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new HttpRefusal(415, "content-type");
  const whole = await cappedRequest(request, maxBodyBytes);
  if (!whole) throw new HttpRefusal(413, "too-large");
  return whole.text();
}

function toResponse({ status, id }: Endpoint, output: unknown, headers: Headers): Response {
  if (isFileAnswer(output)) return fileResponse(output, headers);
  if (status === 204) return new Response(null, { status, headers });
  if (id === "startRun" && typeof output === "object" && output && "runId" in output) {
    headers.set("location", `${apiRoot}/runs/${output.runId}`);
  }
  return Response.json(output, { status, headers });
}

/** As the draft of the IETF writes them (draft-ietf-httpapi-ratelimit-headers-10). */
function tellAllowance(
  headers: Headers,
  { limit, remaining, resetSeconds, allowed }: RequestAllowance,
): void {
  headers.set("ratelimit-policy", `"key";q=${limit};w=${requestLimit.windowSeconds}`);
  headers.set("ratelimit", `"key";r=${remaining};t=${resetSeconds}`);
  if (!allowed) headers.set("retry-after", String(resetSeconds));
}

/** What HTTP itself refuses, for which no domain error stands. */
class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, key: string) {
    super(key);
    this.status = status;
  }
}

function shapeOf(error: unknown, services: Services, request: Request): ApiError {
  if (error instanceof AppError) return appErrorShape(error);
  if (error instanceof HttpRefusal) {
    return { code: "invalid", httpStatus: error.status, key: error.message, values: {}, fields: {} };
  }
  services.report(error, `${request.method} ${new URL(request.url).pathname}`);
  return { code: "internal", httpStatus: 500, key: "internal", values: {}, fields: {} };
}

async function refuse(error: ApiError, headers: Headers): Promise<Response> {
  headers.set("content-type", "application/problem+json");
  return new Response(JSON.stringify(await toProblem(error)), { status: error.httpStatus, headers });
}
