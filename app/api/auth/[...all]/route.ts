import { handleAuth } from "#server/api/auth-http.ts";
import { services } from "#server/api/services.ts";

export const dynamic = "force-dynamic";

const handle = async (request: Request) => handleAuth(request, await services());

export { handle as GET, handle as POST };
