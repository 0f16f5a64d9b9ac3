"use client";
import { useMessages, useTranslations } from "next-intl";
import { apiErrorOf } from "#components/api/api-error.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { type DraftErrors, type DraftField, fieldPaths } from "./group-draft.ts";

/** A failed call in the words of the form: each field's own sentence, and one for the whole where there is none. */
export function useHostErrors(): (error: unknown) => { fields: DraftErrors; form: string | null } {
  const t = useTranslations("hosts");
  const own = useMessages().hosts?.problem as Record<string, string> | undefined;
  const general = useErrorWords();
  return (error) => {
    const words = general(error);
    const api = apiErrorOf(error);
    if (!api) return { fields: {}, form: words.form };
    const fields: DraftErrors = {};
    for (const [field, path] of Object.entries(fieldPaths)) {
      const key = api.fields[path];
      if (key === undefined) continue;
      const sentence = own?.[key] === undefined ? words.fields[path] : t(`problem.${key}`, api.values);
      fields[field as DraftField] = sentence;
    }
    const isSaid = Object.keys(fields).length > 0;
    return { fields, form: isSaid ? null : words.form };
  };
}
