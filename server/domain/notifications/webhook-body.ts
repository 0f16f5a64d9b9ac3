import { headlineOf } from "./headline.ts";
import type { Message } from "./message.ts";

/** Raised whenever a field changes its meaning or goes away; a new field alone does not raise it. */
const version = 1;

/** The body of a signed webhook, as docs/notifications.md describes it. */
export function webhookBody(message: Message): Record<string, unknown> {
  return { version, headline: headlineOf(message), ...message };
}
