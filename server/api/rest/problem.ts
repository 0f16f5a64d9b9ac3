import { z } from "zod";
import type { ApiError } from "#common/contracts/error.ts";
import { loadWords } from "#server/words.ts";

/** RFC 9457. `code` and `key` are for programs and stay the same; `detail` is for people and may change. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum([
    "invalid",
    "unauthenticated",
    "forbidden",
    "not-found",
    "conflict",
    "too-many",
    "unavailable",
    "internal",
  ]),
  key: z.string(),
  /** what is wrong with single fields of the query or the body */
  errors: z.array(z.object({ field: z.string(), key: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const titles: Record<number, string> = {
  400: "Not acceptable input",
  401: "No valid API key",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Body too large",
  415: "Body is not JSON",
  429: "Too many requests",
  503: "Not available",
};

/** An error as it leaves the API, in English. */
export async function toProblem({ code, httpStatus, key, values, fields }: ApiError): Promise<Problem> {
  const say = await loadWords("en", "error");
  const title = titles[httpStatus] ?? "Something went wrong";
  const errors = Object.entries(fields).map(([field, each]) => ({
    field,
    key: each,
    detail: say(each, values) ?? each,
  }));
  return {
    type: `urn:weekbook:problem:${key}`,
    title,
    status: httpStatus,
    detail: say(key, values) ?? `${title}.`,
    code,
    key,
    ...(errors.length > 0 ? { errors } : {}),
  };
}
