import { downloadRun } from "#server/api/run-download.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

type Place = { team: string; run: string };

export async function GET(request: Request, { params }: { params: Promise<Place> }) {
  return downloadRun(request, await params, await services());
}
