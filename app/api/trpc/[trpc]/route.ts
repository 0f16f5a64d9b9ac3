import { handleRpc } from "#server/api/http.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

const handle = async (request: Request) => handleRpc(request, await services());

export { handle as GET, handle as POST };
