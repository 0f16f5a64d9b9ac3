import { services } from "#server/api/services.ts";
import { sharePage } from "#server/api/share-page.ts";

export const dynamic = "force-dynamic";

/** A whole document of its own and no page: it has no script, and nothing of the product around it. */
export async function GET(request: Request, { params }: { params: Promise<{ token: string }> }) {
  return sharePage(request, (await params).token, await services());
}
