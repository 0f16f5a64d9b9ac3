import type { ReadError } from "./connector.ts";
import { readError, systemCode } from "./read-error.ts";

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "CERT_CHAIN_TOO_LONG",
]);

/** A failure of the TLS layer in plain words; undefined where it is none. */
export function tlsFailure(
  error: unknown,
  at: { what: string; serverName: string; hasCa: boolean },
): ReadError | undefined {
  const found = explain(systemCode(error) ?? "", error, at);
  return found && readError("unreachable", at.what, found[0], found[1], error);
}

function explain(
  code: string,
  error: unknown,
  at: { serverName: string; hasCa: boolean },
): [token: string, sentence: string] | undefined {
  if (untrusted.has(code)) {
    const by = at.hasCa
      ? "the given CA certificate"
      : "the system's CA certificates; give the cluster's own CA";
    return ["untrusted-certificate", `the server's certificate is not signed by ${by} (${code})`];
  }
  if (code === "CERT_HAS_EXPIRED") return ["certificate-expired", "the server's certificate has expired"];
  if (code === "CERT_NOT_YET_VALID") {
    return ["certificate-not-yet-valid", "the server's certificate is not valid yet; compare the clocks"];
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return [
      "certificate-name-mismatch",
      `the server's certificate is not for ${at.serverName}; it names ${namesOf(error)}`,
    ];
  }
  if (
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE)$/.test(
      code,
    )
  ) {
    return ["not-tls", "the server does not speak TLS at this port"];
  }
  if (/^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(code)) {
    return ["client-certificate-refused", `the server refused the client certificate (${code})`];
  }
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) {
    return ["tls-failed", `the TLS handshake failed (${code})`];
  }
  return undefined;
}

function namesOf(error: unknown): string {
  const cert = error instanceof Error && "cert" in error ? error.cert : undefined;
  const names =
    cert && typeof cert === "object" && "subjectaltname" in cert ? cert.subjectaltname : undefined;
  return typeof names === "string" && names !== "" ? names.slice(0, 300) : "no host";
}
