import type { VaultError } from "../crypto/vault.ts";

export const vaultProblems: Record<VaultError["problem"], string> = {
  "bad-key": "the worker's key is not a key",
  "other-worker-key": "it was sealed to another worker key; enter the credential again",
  unreadable: "it does not open; enter the credential again",
};
