import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTranslator, IntlErrorCode } from "next-intl";
import { expect, test } from "vitest";
import { locales } from "#common/text.ts";
import { flatten } from "./message-catalogue.ts";

const root = join(import.meta.dirname, "../../messages");

/** What no reader would see but an error: braces, apostrophes or tags that do not make a message. */
function broken(locale: string, file: string): string[] {
  const messages: Record<string, unknown> = JSON.parse(readFileSync(join(root, locale, file), "utf8"));
  const found: string[] = [];
  for (const [key, text] of flatten(messages)) {
    const translate = createTranslator({
      locale,
      messages: { text },
      onError: ({ code, message }) => {
        if (code === IntlErrorCode.INVALID_MESSAGE) found.push(`${key}: ${message}`);
      },
    });
    translate("text");
  }
  return found;
}

test.each(locales)("every message of %s is one that can be formatted", (locale) => {
  for (const file of readdirSync(join(root, locale))) expect(broken(locale, file), file).toEqual([]);
});
