/** A failure that one sentence explains to the person who typed the command; shown without a stack. */
export class SentenceError extends Error {
  constructor(sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = "SentenceError";
  }
}

/** "EACCES", "ECONNREFUSED" … or the message where there is no code. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" && /^E[A-Z]+$/.test(error.code)
    ? error.code
    : error.message;
}
