import { isTrackedEnvelope, type TrackedEnvelope, tracked } from "@trpc/server";
import { z } from "zod";

/** The output schema of a subscription: every message it yields is parsed by `message`, its id kept. */
export function trackedStreamOf<S extends z.ZodType>(message: S) {
  return z
    .custom<AsyncIterable<TrackedEnvelope<z.output<S>>>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    )
    .transform(async function* (source): AsyncGenerator<TrackedEnvelope<z.output<S>>, void> {
      for await (const envelope of source) {
        if (!isTrackedEnvelope(envelope)) throw new TypeError("A stream's message has no id");
        yield tracked(envelope[0], await message.parseAsync(envelope[1]));
      }
    });
}
