import { defaultShouldDehydrateQuery, QueryClient } from "@tanstack/react-query";
import { fromWire, toWire } from "./wire.ts";

const secondMs = 1_000;

/** The same settings on the server (one client per request) and in the browser (one per tab). */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30 * secondMs, retry: retryUnlessAnswered },
      dehydrate: {
        serializeData: toWire,
        // A prefetch that is still on its way is streamed to the browser instead of being asked again.
        shouldDehydrateQuery: (query) =>
          defaultShouldDehydrateQuery(query) || query.state.status === "pending",
      },
      hydrate: { deserializeData: fromWire },
    },
  });
}

/** The server's own "no" is final; a lost connection is worth three tries. */
function retryUnlessAnswered(failures: number, error: unknown): boolean {
  const answered = error instanceof Error && "data" in error && Boolean(error.data);
  return !answered && typeof window !== "undefined" && failures < 3;
}
