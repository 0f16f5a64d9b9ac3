"use client";
import { useMessages, useTranslations } from "next-intl";
import { apiErrorOf } from "#components/api/api-error.ts";

type Words = {
  /** for the form as a whole; null where the fields say it */
  form: string | null;
  /** field path → sentence */
  fields: Record<string, string>;
};

/**
 * Turns a failed call into sentences. Keys are looked up in `error`, then in the namespaces named, which the page
 * must have been given.
 */
export function useErrorWords(namespaces: readonly string[] = []): (error: unknown) => Words {
  const messages = useMessages();
  const t = useTranslations();
  const common = useTranslations("common");
  const sentence = (key: string, values: Record<string, string | number>) => {
    const namespace = ["error", ...namespaces].find((one) => key in (messages[one] ?? {}));
    if (namespace) return t(`${namespace}.${key}`, values);
    return "internal" in (messages.error ?? {}) ? t("error.internal") : common("unreachable");
  };
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
