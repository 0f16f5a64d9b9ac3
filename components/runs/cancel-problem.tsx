"use client";

import { useTranslations } from "next-intl";
import { apiErrorOf } from "../api/api-error.ts";
import { useErrorWords } from "../layout/use-error-words.ts";

/** Why a run could not be cancelled, beside the button that was pressed. */
export default function CancelProblem({ error }: { error: unknown }) {
  const t = useTranslations("runs");
  const wordsOf = useErrorWords();
  return (
    <span className="text-fail">
      {t("notCancelled")} {apiErrorOf(error) ? wordsOf(error).form : t("tryCancelAgain")}
    </span>
  );
}
