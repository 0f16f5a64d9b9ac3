"use client";
import { useTranslations } from "next-intl";
import { locales } from "#common/text.ts";
import { languageNames, useLanguage } from "#components/layout/use-language.ts";

export function LanguageLinks() {
  const t = useTranslations("layout");
  const { locale, change } = useLanguage();
  return (
    <fieldset className="flex gap-4">
      <legend className="sr-only">{t("language")}</legend>
      {locales.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === locale}
          onClick={() => change(one)}
          className="min-h-7 text-faint hover:text-ink aria-pressed:font-medium aria-pressed:text-ink"
        >
          {languageNames[one]}
        </button>
      ))}
    </fieldset>
  );
}
