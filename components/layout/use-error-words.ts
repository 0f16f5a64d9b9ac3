"use client";
import { useMessages, useTranslations } from "next-intl";
import { apiErrorOf } from "#components/api/api-error.ts";

type Words = {
  /** for the form as a whole; null where the fields say it */
  form: string | null;
  /** field path → sentence */
  fields: Record<string, string>;
};

/** Turns a failed call into sentences of the namespace `error`, which every page has. */
export function useErrorWords(): (error: unknown) => Words {
  const known = useMessages().error ?? {};
  const t = useTranslations("error");
  const common = useTranslations("common");
  const sentence = (key: string, values: Record<string, string | number>) =>
    t(key in known ? key : "internal", values);
  return (error) => {
    if (!error) return { form: null, fields: {} };
    const api = apiErrorOf(error);
    if (!api) return { form: common("unreachable"), fields: {} };
    const fields = Object.entries(api.fields).map(
      ([path, key]) => [path, sentence(key, api.values)] as const,
    );
    return {
      form: fields.length > 0 ? null : sentence(api.key, api.values),
      fields: Object.fromEntries(fields),
    };
  };
}
