import { badRequest } from "./status.ts";

/** Where a list goes on: at which revision (-1: whatever is there now) and from which key. Opaque to clients. */
export type Position = { revision: number; start: string };

export function encodeToken({ revision, start }: Position): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");
}

export function decodeToken(token: string): Position {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch (error) {
    throw badRequest(`invalid continue token: continue key is not valid: ${syntaxError(token, error)}`);
  }
  if (typeof decoded !== "object" || decoded === null) throw badRequest("invalid continue token");
  const { v, rv, start } = decoded as { v?: unknown; rv?: unknown; start?: unknown };
  if (v !== "meta.k8s.io/v1") {
    throw badRequest(
      "invalid continue token: continue key is not valid: server does not recognize this encoded version",
    );
  }
  if (
    typeof rv !== "number" ||
    rv === 0 ||
    typeof start !== "string" ||
    start === "" ||
    start.includes("..")
  ) {
    throw badRequest(
      "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion",
    );
  }
  return { revision: rv, start: start.replace(/^\//, "") };
}

/** The API server's JSON reader names the first byte that cannot begin a value. */
function syntaxError(token: string, error: unknown): string {
  const first = Buffer.from(token, "base64url")[0];
  if (first === undefined) return "unexpected end of JSON input";
  if (first === 0x7b) return String(error instanceof Error ? error.message : error);
  const shown =
    first < 0x20 || first > 0x7e ? `\\u00${first.toString(16).padStart(2, "0")}` : String.fromCharCode(first);
  return `invalid character '${shown}' looking for beginning of value`;
}
