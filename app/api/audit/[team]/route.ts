import { downloadAudit } from "#server/api/audit-download.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ team: string }> }) {
  return downloadAudit(request, (await params).team, await services());
}
