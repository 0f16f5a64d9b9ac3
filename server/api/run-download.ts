import { z } from "zod";
import { locales } from "#common/text.ts";
import { exportNames, exportRun } from "#server/domain/run-exports/export.ts";
import { resolveTeam } from "#server/domain/team/resolve.ts";
import { AppError } from "#server/errors.ts";
import { createApiContext, domainContext, type Services } from "./context.ts";
import { appErrorShape } from "./error-shape.ts";
import { fileResponse } from "./rest/file-response.ts";
import { isFromOurPages } from "./same-origin.ts";

const asked = z.object({
  team: z.string().max(100),
  runId: z.uuid(),
  format: z.enum(exportNames),
  language: z.enum(locales).optional(),
});

/** A run as a file for a member in a browser: the same as /api/v1 gives to a program with a key. */
export async function downloadRun(
  request: Request,
  place: { team: string; run: string },
  services: Services,
): Promise<Response> {
  const headers = new Headers({ "cache-control": "private, no-store" });
  const refuse = (status: number) => new Response(null, { status, headers });
  if (!isFromOurPages(request.headers, services.publicUrl)) return refuse(403);
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const input = asked.safeParse({ ...search, team: place.team, runId: place.run });
  if (!input.success) return refuse(400);
  try {
    const ctx = await resolveTeam({
      ctx: domainContext(await createApiContext(services, request.headers)),
      input: { team: input.data.team },
    });
    return fileResponse(await exportRun({ ctx, input: input.data }), headers);
  } catch (error) {
    if (error instanceof AppError) return refuse(appErrorShape(error).httpStatus);
    services.report(error, "GET /api/export");
    return refuse(500);
  }
}
