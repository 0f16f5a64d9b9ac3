export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = "en";

/** A sentence in every language of the product. Checks carry their texts so, and findings are stored so. */
export type Text = Record<Locale, string>;

export function inLocale(text: Text, locale: Locale): string {
  return text[locale];
}
