"use client";
import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import { localeCookie } from "#common/choose-locale.ts";
import type { Locale } from "#common/text.ts";

const yearS = 31_536_000;

export const languageNames: Record<Locale, string> = { en: "English", "zh-CN": "中文" };

/** The language of the page, and how to change it in this browser. */
export function useLanguage() {
  const router = useRouter();
  const locale = useLocale() as Locale;
  const change = (next: Locale) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${localeCookie}=${next}; path=/; max-age=${yearS}; samesite=lax${secure}`;
    router.refresh();
  };
  return { locale, change };
}
