"use client";
import { useMessages, useTranslations } from "next-intl";
import { apiErrorOf } from "#components/api/api-error.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import type { EndpointDraft } from "./endpoint-draft.ts";

export type EndpointErrors = Partial<Record<keyof EndpointDraft, string>>;

/** A refused endpoint, said at the field it is about; whatever has no field is said of the form. */
export function useEndpointErrors(): (error: unknown) => { fields: EndpointErrors; form: string | null } {
  const t = useTranslations("endpoints");
  const known = (useMessages().endpoints?.problem ?? {}) as Record<string, string>;
  const words = useErrorWords();
  return (error) => {
    const refusal = apiErrorOf(error);
    const said = words(error);
    if (refusal && refusal.key in known) return { fields: {}, form: t(`problem.${refusal.key}`) };
    const entries = Object.entries(refusal?.fields ?? {}).map(([path, key]) => {
      const field = path.replace(/^endpoint\.(auth\.)?/, "").replace(/\..*$/, "");
      return [field, key in known ? t(`problem.${key}`) : said.fields[path]];
    });
    return { fields: Object.fromEntries(entries), form: said.form };
  };
}
