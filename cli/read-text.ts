import { readFile } from "node:fs/promises";
import { UsageError } from "./sentence-errors.ts";

/** A file that a person named. Whatever is wrong with it is a sentence. */
export async function readText(file: string, largestBytes: number): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= largestBytes) return bytes.toString("utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
  throw new UsageError(`${file} is larger than ${largestBytes >> 10} KiB.`);
}
