import type { ApiScope } from "#common/contracts/api-key.ts";

/** Keys of messages/<locale>/keys.json. */
export const scopeName = {
  read: "scopeRead",
  run: "scopeRun",
  write: "scopeWrite",
} as const satisfies Record<ApiScope, string>;
