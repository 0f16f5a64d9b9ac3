import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";

/** What primitives and error sentences need everywhere. */
const always = ["common", "verdict", "error"];

/**
 * Gives the client components inside it these namespaces and no others: messages travel with every page.
 * An inner one replaces the outer, so name all that the part inside needs.
 */
export async function Messages({ of, children }: { of: readonly string[]; children: ReactNode }) {
  const all = await getMessages();
  const chosen = Object.fromEntries([...always, ...of].map((namespace) => [namespace, all[namespace] ?? {}]));
  return <NextIntlClientProvider messages={chosen}>{children}</NextIntlClientProvider>;
}
