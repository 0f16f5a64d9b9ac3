import { readFile } from "node:fs/promises";
import { join } from "node:path";
import compile from "icu-minify/compile";
import format from "icu-minify/format";
import { z } from "zod";
import type { ApiError } from "#common/contracts/error.ts";

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
  const say = await sentences();
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

type Say = (key: string, values: ApiError["values"]) => string | undefined;
let known: Promise<Say> | undefined;

function sentences(): Promise<Say> {
  known ??= readSentences().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function readSentences(): Promise<Say> {
  const file = join(process.cwd(), "messages/en/error.json");
  const messages = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(file, "utf8")));
  const compiled = new Map(Object.entries(messages).map(([key, text]) => [key, compile(text)]));
  return (key, values) => {
    const message = compiled.get(key);
    if (message === undefined) return undefined;
    const formatters = { getDateTimeFormat, getNumberFormat, getPluralRules };
    return String(format(message, "en", values, { formatters }));
  };
}

const getDateTimeFormat = (...given: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
  new Intl.DateTimeFormat(...given);
const getNumberFormat = (...given: ConstructorParameters<typeof Intl.NumberFormat>) =>
  new Intl.NumberFormat(...given);
const getPluralRules = (...given: ConstructorParameters<typeof Intl.PluralRules>) =>
  new Intl.PluralRules(...given);
