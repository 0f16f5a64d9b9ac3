"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/states.tsx";

export default function TeamErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("layout");
  return (
    <div className="max-w-2xl py-6">
      <ErrorState
        title={<h1 className="text-dense">{t("errorTitle")}</h1>}
        action={<Button onClick={reset}>{t("errorAgain")}</Button>}
      >
        {t("errorText")}
      </ErrorState>
    </div>
  );
}
