"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { CheckIcon, CloseIcon } from "./icons.tsx";
import { dismissToast, type Toast } from "./toast.ts";
import { FailGlyph } from "./verdict-glyphs.tsx";

const shownForMs = { done: 4_000, problem: 12_000 };

export default function ToastLine({ toast }: { toast: Toast }) {
  const t = useTranslations("common");
  // Outside system: the clock.
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(toast.id), shownForMs[toast.tone]);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="pointer-events-auto flex max-w-sm animate-arrive items-start gap-2.5 rounded-panel bg-raised py-2 pr-1.5 pl-3 shadow-float">
      {toast.tone === "done" ? (
        <CheckIcon className="mt-1 shrink-0 text-accent" />
      ) : (
        <FailGlyph className="mt-1 shrink-0 text-fail" />
      )}
      <p className="min-w-0 py-0.5 break-words">{toast.message}</p>
      <button
        type="button"
        aria-label={t("close")}
        onClick={() => dismissToast(toast.id)}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-ink"
      >
        <CloseIcon size={14} />
      </button>
    </div>
  );
}
