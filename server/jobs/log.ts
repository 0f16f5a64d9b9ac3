import { type DestinationStream, type Logger, pino } from "pino";
import { createRedactor } from "../redact.ts";

/** JSON lines without the given secrets and without whatever looks like one, errors included. */
export function createLog(options: {
  name: string;
  level: string;
  secrets: readonly (string | undefined)[];
  stream?: DestinationStream;
}): Logger {
  const redactor = createRedactor(options.secrets.flatMap((secret) => secret ?? []));
  return pino(
    {
      name: options.name,
      level: options.level,
      formatters: { log: (fields) => redactor.value(fields) },
      serializers: { err: (error: unknown) => redactor.value(plain(error)) },
    },
    options.stream ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** Only what a person reads: an error's further properties may hold anything, such as a whole request. */
function plain(error: unknown): { type: string; message: string; stack?: string; code?: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { type: error.name, message: error.message, stack: error.stack, code };
}
