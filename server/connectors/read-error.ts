import type { ReasonCode } from "#common/result.ts";
import { ReadError } from "./connector.ts";

/**
 * The first word of a `detail` is a stable token that pages and tests can tell apart; the sentence behind it is for
 * people: "connection-refused: nothing listens at 10.0.0.1:6443".
 */
export function readError(
  code: ReasonCode,
  what: string,
  token: string,
  sentence: string,
  cause?: unknown,
): ReadError {
  return new ReadError({ code, what, detail: `${token}: ${sentence}` }, { cause });
}

/** The stable token of a failure, where it has one. */
export function detailToken(error: ReadError): string {
  return error.reason.detail?.split(":", 1)[0] ?? "";
}

/** A system error's code ("ECONNREFUSED"), looked for along its causes. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current.cause;
  }
  return undefined;
}
