import type { ReasonCode } from "#common/result.ts";
import type { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { ApiResponse } from "./transport.ts";

/** What an API server says about a failure. Its Content-Type is no guide: a 504 is JSON called text/plain. */
export type Status = {
  message: string;
  reason: string;
  detailsName: string | undefined;
  /** of a 410: where the rest of the list can be had, inconsistent with what came before */
  continueToken: string | undefined;
};

const longestRedacted = 64 * 1024;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function readStatus(response: ApiResponse): Status | null {
  const body = parseJson(response.text);
  if (!isObject(body) || body.status !== "Failure") return null;
  const details = isObject(body.details) ? body.details : {};
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    message: text(body.message) ?? "",
    reason: text(body.reason) ?? "",
    detailsName: text(details.name),
    continueToken: text(metadata.continue),
  };
}

/** A 404 is either an object that is gone or a kind that this server does not serve. */
export function isObjectGone(response: ApiResponse): boolean {
  return response.status === 404 && readStatus(response)?.detailsName !== undefined;
}

/** The failure behind an answer that is no success. */
export function statusError(response: ApiResponse, what: string): ReadError {
  const status = readStatus(response);
  const said = response.redact((status?.message || response.text).slice(0, longestRedacted));
  const message = oneLine(said) || `HTTP ${response.status}`;
  const [code, token] = classifyStatus(response, status);
  return readError(code, what, token, message);
}

function classifyStatus(response: ApiResponse, status: Status | null): [ReasonCode, string] {
  const isNotFoundPage = response.text.trim() === "404 page not found";
  switch (response.status) {
    case 401:
      return ["unauthorized", "credential-not-accepted"];
    case 403:
      return [
        "forbidden",
        status?.message.includes("system:anonymous") ? "credential-not-sent" : "forbidden",
      ];
    case 404:
      if (status?.detailsName) return ["not-found", "object-gone"];
      return status || isNotFoundPage ? ["not-served", "kind-not-served"] : ["malformed", "not-kubernetes"];
    case 410:
      return ["changed-while-reading", "list-expired"];
    case 429:
      return ["throttled", "too-many-requests"];
    case 503:
      return ["server-error", "service-unavailable"];
    case 504:
      return ["timed-out", "server-timeout"];
    default:
      if (response.status >= 300 && response.status < 400) return ["malformed", "redirect"];
      return ["server-error", response.status < 500 ? "request-refused" : "server-failure"];
  }
}

/** The JSON object of a success. */
export function readObject(response: ApiResponse, what: string): Record<string, unknown> {
  const body = parseJson(response.text);
  if (isObject(body)) return body;
  throw readError("malformed", what, "not-kubernetes", "the answer is not a Kubernetes object");
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, 500);
}
