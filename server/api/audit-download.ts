import { auditFilterSchema } from "#common/contracts/audit.ts";
import { roleCovers } from "#common/role.ts";
import { exportAudit } from "#server/domain/audit/export.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { resolveTeam } from "#server/domain/team/resolve.ts";
import { AppError } from "#server/errors.ts";
import { createApiContext, domainContext, type Services } from "./context.ts";
import { isFromOurPages } from "./same-origin.ts";

/** The audit log of a team as a file of JSON lines, with the filter of the page in the address. For admins. */
export async function downloadAudit(request: Request, team: string, services: Services): Promise<Response> {
  if (!isFromOurPages(request.headers, services.publicUrl)) return refuse(403);
  const asked = Object.fromEntries(
    [...new URL(request.url).searchParams].filter(([, value]) => value !== ""),
  );
  const filter = auditFilterSchema.safeParse(asked);
  if (!filter.success) return refuse(400);
  const ctx = await contextOf(request, team, services);
  if (!ctx) return refuse(404);
  if (!roleCovers(ctx.role, "admin")) return refuse(403);
  const lines = exportAudit({ ctx, input: { filter: filter.data } });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return();
    },
  });
  const day = services.now().toISOString().slice(0, 10);
  return new Response(body, {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="audit-${ctx.team.slug}-${day}.jsonl"`,
      "cache-control": "private, no-store",
    },
  });
}

async function contextOf(request: Request, team: string, services: Services): Promise<TeamContext | null> {
  const ctx = domainContext(await createApiContext(services, request.headers));
  try {
    return await resolveTeam({ ctx, input: { team } });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store" } });
}
