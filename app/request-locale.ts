import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, localeCookie } from "#common/choose-locale.ts";
import { readMessages } from "#components/layout/read-messages.ts";

/** The language of a request: what was chosen in this browser, else what the browser asks for. */
export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get("accept-language"));
  return { locale, messages: await readMessages(locale), timeZone: "UTC", now: new Date() };
});
