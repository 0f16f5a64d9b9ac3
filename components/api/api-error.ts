import type { ApiError } from "#common/contracts/error.ts";
import { CallError } from "./call.ts";

/** What the server said, or null where it was not reached. */
export function apiErrorOf(error: unknown): ApiError | null {
  return error instanceof CallError ? error.data : null;
}
