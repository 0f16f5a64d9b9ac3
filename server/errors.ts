/** The closed set of errors a domain verb may throw. tRPC and the command line map them once each. */
export const appErrorCodes = [
  "invalid", // the input is not acceptable; `fields` says where
  "unauthenticated",
  "forbidden",
  "not-found",
  "conflict",
  "too-many",
  "unavailable", // something we depend on does not answer
] as const;
export type AppErrorCode = (typeof appErrorCodes)[number];

/**
 * `message` is a key in messages/<locale>/error.json (with `values`) or, where `fields` are given, they hold the
 * sentences: field path → sentence key.
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly values: Record<string, string | number>;
  readonly fields: Record<string, string> | undefined;

  constructor(
    code: AppErrorCode,
    message: string,
    options: {
      values?: Record<string, string | number>;
      fields?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.values = options.values ?? {};
    this.fields = options.fields;
  }
}
