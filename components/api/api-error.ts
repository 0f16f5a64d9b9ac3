import { TRPCClientError } from "@trpc/client";
import type { ApiError } from "#common/contracts/error.ts";
import type { AppRouter } from "#server/api/root.ts";

/** What the server said, or null where it was not reached. */
export function apiErrorOf(error: unknown): ApiError | null {
  if (!(error instanceof TRPCClientError)) return null;
  const { data } = error as TRPCClientError<AppRouter>;
  return data ?? null;
}
