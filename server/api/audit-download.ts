import { auditFilterSchema } from "#common/contracts/audit.ts";
import { roleCovers } from "#common/role.ts";
import { exportAudit } from "#server/domain/audit/export.ts";
import type { Services } from "./context.ts";
import { askedOf, memberOf, refuse } from "./page-download.ts";
import { fileResponse } from "./rest/file-response.ts";

/** The audit log of a team as a file of JSON lines, with the filter of the page in the address. For admins. */
export async function downloadAudit(request: Request, team: string, services: Services): Promise<Response> {
  const filter = auditFilterSchema.safeParse(askedOf(request));
  if (!filter.success) return refuse(400);
  const ctx = await memberOf(request, team, services);
  if (ctx instanceof Response) return ctx;
  if (!roleCovers(ctx.role, "admin")) return refuse(403);
  const day = services.now().toISOString().slice(0, 10);
  const file = {
    fileName: `audit-${ctx.team.slug}-${day}.jsonl`,
    mediaType: "application/x-ndjson; charset=utf-8",
    body: await exportAudit({ ctx, input: { filter: filter.data } }),
  };
  return fileResponse(file, new Headers({ "cache-control": "private, no-store" }));
}
