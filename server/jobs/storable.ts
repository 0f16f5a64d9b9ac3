import type { Prisma } from "#generated/prisma/client.ts";

/** Postgres takes neither NUL nor half a surrogate pair in its text and JSON; /proc and logs hold both. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\u2400");
}

/** A copy that is plain JSON as Postgres takes it. */
export function storableJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => {
      if (typeof each === "string") return storableText(each);
      return typeof each === "bigint" ? each.toString() : each;
    }) ?? "null",
  );
}
