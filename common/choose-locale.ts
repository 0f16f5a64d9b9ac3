import { defaultLocale, type Locale, locales } from "./text.ts";

/** Set by the language switch and when somebody with a language in their profile signs in. */
export const localeCookie = "weekbook-locale";

function isLocale(tag: string): tag is Locale {
  return (locales as readonly string[]).includes(tag);
}

/** The first of: the chosen one, the best of an Accept-Language header, English. */
export function chooseLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  if (chosen && isLocale(chosen)) return chosen;
  const asked = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.find((one) => one.trim().startsWith("q="));
      return { tag: tag.toLowerCase(), quality: quality ? Number(quality.trim().slice(2)) : 1 };
    })
    .filter(({ tag, quality }) => tag !== "" && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of asked) {
    if (tag.startsWith("zh")) return "zh-CN";
    if (tag.startsWith("en")) return "en";
  }
  return defaultLocale;
}
