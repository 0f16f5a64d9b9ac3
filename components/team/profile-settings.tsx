"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { type Locale, locales } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { chooseTheme, type Theme, useThemeChoice } from "#components/layout/theme-choice.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { languageNames, useLanguage } from "#components/layout/use-language.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.ts";
import { SettingsFrame } from "./settings-frame.tsx";
import { useMe } from "./use-team.ts";

export function ProfileSettings() {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const queries = useQueryClient();
  const { user } = useMe();
  const { locale, change } = useLanguage();
  const update = useMutation(
    trpc.profile.update.mutationOptions({
      onSuccess: async (_, saved) => {
        await queries.invalidateQueries({ queryKey: trpc.session.current.queryKey() });
        if (saved.locale !== locale) change(saved.locale);
        toast(common("saved"));
      },
    }),
  );
  const { form, fields } = useErrorWords()(update.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    update.mutate({ name: String(data.get("name")), locale: data.get("locale") as Locale });
  };
  return (
    <SettingsFrame part="profile">
      <form onSubmit={submit} noValidate className="max-w-sm space-y-4">
        <Field label={t("name")} error={fields.name} required>
          {(control) => (
            <Input {...control} name="name" maxLength={80} autoComplete="name" defaultValue={user?.name} />
          )}
        </Field>
        <Field label={t("email")} help={t("emailHelp")}>
          {(control) => (
            <Input {...control} value={user?.email ?? ""} readOnly className="read-only:bg-sunken" />
          )}
        </Field>
        <Field label={t("language")} help={t("languageHelp")} error={fields.locale}>
          {(control) => (
            <Select {...control} name="locale" defaultValue={locale} key={locale}>
              {locales.map((one) => (
                <option key={one} value={one} lang={one}>
                  {languageNames[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ThemeChoice />
        <FormError>{form}</FormError>
        <Button type="submit" tone="primary" busy={update.isPending}>
          {common("save")}
        </Button>
      </form>
    </SettingsFrame>
  );
}

function ThemeChoice() {
  const t = useTranslations("settings");
  const theme = useThemeChoice();
  return (
    <Field label={t("appearance")} help={t("themeHelp")}>
      {(control) => (
        <Select {...control} value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
          <option value="system">{t("themeSystem")}</option>
          <option value="light">{t("themeLight")}</option>
          <option value="dark">{t("themeDark")}</option>
        </Select>
      )}
    </Field>
  );
}
