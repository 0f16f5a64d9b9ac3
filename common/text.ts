import { z } from "zod";

export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = "en";

/** A sentence in every language of the product. Checks carry their texts so, and findings are stored so. */
export const textSchema = z.object({ en: z.string(), "zh-CN": z.string() });
export type Text = z.infer<typeof textSchema>;

export function inLocale(text: Text, locale: Locale): string {
  return text[locale];
}
