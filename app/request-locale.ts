import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, localeCookie } from "#common/choose-locale.ts";
import { readMessages } from "#components/layout/read-messages.ts";
import { getQueryClient, trpc } from "#server/api/caller.ts";

/** The language of a request: chosen in this browser, else in the profile, else what the browser asks for. */
export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const chosen = jar.get(localeCookie)?.value ?? (await profileLocale());
  const locale = chooseLocale(chosen, head.get("accept-language"));
  return { locale, messages: await readMessages(locale), timeZone: "UTC", now: new Date() };
});

/** Without a database there is still a page that says so, in the browser's language. */
async function profileLocale(): Promise<string | undefined> {
  const session = await getQueryClient()
    .fetchQuery(trpc.session.current.queryOptions())
    .catch(() => null);
  return session?.user?.locale ?? undefined;
}
