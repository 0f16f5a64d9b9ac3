import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import type { ApiError } from "#common/contracts/error.ts";
import { fieldsOf } from "#server/domain/parse.ts";
import { AppError, type AppErrorCode } from "#server/errors.ts";

const byAppCode = {
  invalid: ["BAD_REQUEST", 400],
  unauthenticated: ["UNAUTHORIZED", 401],
  forbidden: ["FORBIDDEN", 403],
  "not-found": ["NOT_FOUND", 404],
  conflict: ["CONFLICT", 409],
  "too-many": ["TOO_MANY_REQUESTS", 429],
  unavailable: ["SERVICE_UNAVAILABLE", 503],
} as const satisfies Record<AppErrorCode, [TRPCError["code"], number]>;

/** What the router itself refuses (unknown path, unreadable body), in our words. */
const byRpcCode: Partial<Record<TRPCError["code"], AppErrorCode>> = {
  BAD_REQUEST: "invalid",
  PARSE_ERROR: "invalid",
  UNSUPPORTED_MEDIA_TYPE: "invalid",
  METHOD_NOT_SUPPORTED: "invalid",
  PAYLOAD_TOO_LARGE: "invalid",
  NOT_FOUND: "not-found",
};

/** The one place where a domain error becomes an RPC error. */
export function toRpcError(error: AppError): TRPCError {
  return new TRPCError({ code: byAppCode[error.code][0], message: error.message, cause: error });
}

/** What leaves the server for a domain error, through whichever door. */
export function appErrorShape(error: AppError): ApiError {
  return {
    code: error.code,
    httpStatus: byAppCode[error.code][1],
    key: error.message,
    values: error.values,
    fields: error.fields ?? {},
  };
}

/** What leaves the server for any error. Nothing of an unexpected error's own words does. */
export function toApiError(error: TRPCError): ApiError {
  const { cause } = error;
  if (cause instanceof AppError) return appErrorShape(cause);
  const code = byRpcCode[error.code];
  if (code === undefined) {
    return { code: "internal", httpStatus: 500, key: "internal", values: {}, fields: {} };
  }
  const fields = cause instanceof ZodError ? fieldsOf(cause) : {};
  const key = code === "not-found" ? "not-found" : "invalid";
  return { code, httpStatus: byAppCode[code][1], key, values: {}, fields };
}
