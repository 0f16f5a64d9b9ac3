import { ReadError } from "../connector.ts";
import { readError, systemCode } from "../read-error.ts";
import { tlsFailure } from "../tls-failure.ts";

/** Whatever broke an exchange, in the words of a person who looks at the result. The caller has dealt with its abort. */
export function exchangeFailure(
  error: unknown,
  at: { what: string; host: string; hasCa: boolean; timeoutMs: number; deadline: AbortSignal },
): ReadError {
  if (error instanceof ReadError) return error;
  if (at.deadline.aborted) {
    const sentence = `no whole answer within ${at.timeoutMs} ms`;
    return readError("timed-out", at.what, "request-timeout", sentence, error);
  }
  const code = systemCode(error) ?? "unknown error";
  if (code === "HPE_HEADER_OVERFLOW") {
    return readError("malformed", at.what, "headers-too-large", "the headers are larger than 64 KiB", error);
  }
  if (code.startsWith("HPE_")) {
    return readError("malformed", at.what, "not-http", `the answer is not HTTP (${code})`, error);
  }
  const sentence = `the connection broke before the whole answer was read (${code})`;
  return (
    tlsFailure(error, { what: at.what, serverName: at.host, hasCa: at.hasCa }) ??
    readError("unreachable", at.what, "connection-cut", sentence, error)
  );
}
