import { ReadError } from "../connector.ts";
import { readError, systemCode } from "../read-error.ts";
import { tlsFailure } from "../tls-failure.ts";
import type { MysqlAccess } from "./access.ts";
import { RefusedAuth } from "./auth.ts";

const signIn = ["ER_ACCESS_DENIED_ERROR", "ER_ACCESS_DENIED_NO_PASSWORD_ERROR", "ER_HOST_NOT_PRIVILEGED"];
const denied = [
  "ER_DBACCESS_DENIED_ERROR",
  "ER_TABLEACCESS_DENIED_ERROR",
  "ER_COLUMNACCESS_DENIED_ERROR",
  "ER_SPECIFIC_ACCESS_DENIED_ERROR",
];
const absent = ["ER_NO_SUCH_TABLE", "ER_BAD_FIELD_ERROR", "ER_BAD_TABLE_ERROR", "ER_UNKNOWN_SYSTEM_VARIABLE"];
const tooLong = ["ER_STATEMENT_TIMEOUT", "ER_QUERY_TIMEOUT", "ER_QUERY_INTERRUPTED"];
// MariaDB's own numbers have no names in the library.
const mariadbStatementTimeout = 1969;
const writing = ["ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION", "ER_OPTION_PREVENTS_STATEMENT"];

/** What the client library threw, in plain words. The server's own message goes through `redact`. */
export function mysqlFailure(
  error: unknown,
  at: { what: string; access: MysqlAccess; redact: (text: string) => string },
): ReadError {
  if (error instanceof ReadError) return error;
  const { what, access } = at;
  const code = systemCode(error) ?? "";
  const own = at.redact(serverMessage(error)).slice(0, 500);
  if (error instanceof RefusedAuth) {
    const sentence =
      "the server asks for the password itself, which is sent only to a server that proved its name over TLS; set TLS to verified";
    return readError("unauthorized", what, "password-in-clear", sentence, error);
  }
  if (signIn.includes(code)) return readError("unauthorized", what, "credential-not-accepted", own, error);
  if (denied.includes(code)) return readError("forbidden", what, "forbidden", own, error);
  if (absent.includes(code)) return readError("not-served", what, "not-there", own, error);
  if (tooLong.includes(code) || numberOf(error) === mariadbStatementTimeout)
    return readError("timed-out", what, "statement-timeout", own, error);
  if (writing.includes(code)) return readError("not-permitted", what, "read-only-session", own, error);
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") {
    return readError("unreachable", what, "tls-not-offered", "the server offers no TLS", error);
  }
  if (code === "AUTH_SWITCH_PLUGIN_ERROR") {
    const sentence = "the account uses a way to sign in that is not supported here";
    return readError("unauthorized", what, "sign-in-method", sentence, error);
  }
  const serverName = access.tls.serverName ?? access.host;
  const tls = tlsFailure(error, { what, serverName, hasCa: access.tls.caPem !== undefined });
  if (tls) return tls;
  if (code === "HANDSHAKE_SSL_ERROR") {
    return readError("unreachable", what, "tls-failed", `the TLS handshake failed (${own})`, error);
  }
  if (code.startsWith("ER_")) return readError("server-error", what, "server-error", own, error);
  if (code === "PROTOCOL_CONNECTION_LOST" || code.startsWith("E")) {
    const sentence = `the connection broke before the whole answer was read (${code})`;
    return readError("unreachable", what, "connection-cut", sentence, error);
  }
  return readError("malformed", what, "not-mysql", "the answer is not that of a MySQL server", error);
}

function serverMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "sqlMessage" in error && typeof error.sqlMessage === "string" ? error.sqlMessage : error.message;
}

function numberOf(error: unknown): unknown {
  return error instanceof Error && "errno" in error ? error.errno : undefined;
}
