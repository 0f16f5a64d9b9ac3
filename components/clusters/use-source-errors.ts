"use client";
import { useMessages, useTranslations } from "next-intl";
import { apiErrorOf } from "#components/api/api-error.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { fieldOfProblem, missingFields, type SourceDraft } from "./source-draft.ts";

export type SourceErrors = Partial<Record<keyof SourceDraft, string>>;

/** The sentence for a problem of a kubeconfig or of what was typed instead of one; undefined for other keys. */
export function useProblemWords(): (
  problem: string,
  values: Record<string, string | number>,
) => string | undefined {
  const t = useTranslations();
  const known = useMessages().kubeconfig ?? {};
  return (problem, values) => (problem in known ? t(`kubeconfig.${problem}`, values) : undefined);
}

/** A refused source, said at the field it is about; the rest goes to the form and to its other fields. */
export function useSourceErrors() {
  const problemWords = useProblemWords();
  const words = useErrorWords();
  return (error: unknown, draft: SourceDraft) => {
    const refusal = apiErrorOf(error);
    const sentence = refusal && problemWords(refusal.key, refusal.values);
    if (!refusal || !sentence) return { source: {} as SourceErrors, ...words(error) };
    const source: SourceErrors = { [fieldOfProblem(draft, refusal.key)]: sentence };
    return { source, form: null, fields: {} as Record<string, string> };
  };
}

/** Says "Fill this in." at each field that is missing. */
export function useMissingWords() {
  const t = useTranslations("clusters");
  return (draft: SourceDraft): SourceErrors =>
    Object.fromEntries(missingFields(draft).map((field) => [field, t("notFilled")]));
}
