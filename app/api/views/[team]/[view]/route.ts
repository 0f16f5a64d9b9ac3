import { services } from "#server/api/services.ts";
import { downloadView } from "#server/api/view-download.ts";

export const dynamic = "force-dynamic";

type Params = Promise<{ team: string; view: string }>;

export async function GET(request: Request, { params }: { params: Params }) {
  return downloadView(request, await params, await services());
}
