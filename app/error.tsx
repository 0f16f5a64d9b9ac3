"use client";
import { useTranslations } from "next-intl";

/** Plain elements: this is part of every page, and so would be what it loads. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("layout");
  return (
    <div role="alert" className="m-6 max-w-2xl border-l-2 border-unknown px-4 py-3">
      <h1 className="text-lead">{t("errorTitle")}</h1>
      <p className="mt-1 text-soft">{t("errorText")}</p>
      <button
        type="button"
        onClick={reset}
        className="mt-4 h-8 rounded-control px-3 font-medium shadow-[inset_0_0_0_1px_var(--control)] hover:bg-hover"
      >
        {t("errorAgain")}
      </button>
    </div>
  );
}
