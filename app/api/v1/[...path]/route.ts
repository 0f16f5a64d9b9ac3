import { handleRest } from "#server/api/rest/handle.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

const handle = async (request: Request) => handleRest(request, await services());

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
