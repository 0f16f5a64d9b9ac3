import type { TeamContext } from "#server/domain/context.ts";
import { resolveTeam } from "#server/domain/team/resolve.ts";
import { AppError } from "#server/errors.ts";
import { createApiContext, domainContext, type Services } from "./context.ts";
import { isFromOurPages } from "./same-origin.ts";

/** Who asks for a file by a link of our pages, as a member of the team; else the refusal. */
export async function memberOf(
  request: Request,
  team: string,
  services: Services,
): Promise<TeamContext | Response> {
  if (!isFromOurPages(request.headers, services.publicUrl)) return refuse(403);
  const ctx = domainContext(await createApiContext(services, request.headers));
  try {
    return await resolveTeam({ ctx, input: { team } });
  } catch (error) {
    if (error instanceof AppError) return refuse(404);
    throw error;
  }
}

/** What stands in the address; of an empty value nothing. */
export function askedOf(request: Request): Record<string, string> {
  const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== "");
  return Object.fromEntries(given);
}

export function refuse(status: number): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store" } });
}
