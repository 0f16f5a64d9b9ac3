/** What a failed call carries in `error.data`. `key` and the values of `fields` are keys of messages/<locale>/error.json. */
export type ApiError = {
  code:
    | "invalid"
    | "unauthenticated"
    | "forbidden"
    | "not-found"
    | "conflict"
    | "too-many"
    | "unavailable"
    | "internal";
  httpStatus: number;
  key: string;
  values: Record<string, string | number>;
  /** field path ("checks.0.params.warnPercent") → key of its sentence */
  fields: Record<string, string>;
};
