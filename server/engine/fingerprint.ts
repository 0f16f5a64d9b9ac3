import { createHash } from "node:crypto";
import type { Subject } from "#common/result.ts";

/** The same fault of the same subject has the same fingerprint in every run, so that runs can be compared. */
export function fingerprint(at: {
  checkId: string;
  scope: string;
  targetKey: string;
  subject: Subject;
  code: string;
}): string {
  const { kind, namespace, name, part } = at.subject;
  const identity = [at.checkId, at.scope, at.targetKey, kind, namespace ?? null, name, part ?? null, at.code];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}
