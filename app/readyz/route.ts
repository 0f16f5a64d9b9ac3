import { readReadiness } from "#server/api/readiness.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  // Making the services needs the database too: their failure is the same answer.
  const readiness = await services().then(
    ({ pool }) => readReadiness(pool),
    () => ({ ready: false, missing: ["database"] }),
  );
  const status = readiness.ready ? 200 : 503;
  return Response.json(readiness, { status, headers: { "cache-control": "no-store" } });
}
