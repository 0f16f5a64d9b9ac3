"use client";
import { useTranslations } from "next-intl";

/** Plain elements: it is part of every page, and so would be what it loads. */
export function ErrorNotice({ className, reset }: { className: string; reset: () => void }) {
  const t = useTranslations("layout");
  return (
    <div role="alert" className={className}>
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
