"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef } from "react";
import { trpc } from "#components/api/trpc.ts";
import { PasswordInput } from "#components/auth/password-input.tsx";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";

export function PasswordForm() {
  const t = useTranslations("security");
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation(
    trpc.profile.changePassword.mutationOptions({
      onSuccess: async () => {
        form.current?.reset();
        toast(t("passwordChanged"));
        await queries.invalidateQueries({ queryKey: trpc.profile.security.queryKey() });
      },
    }),
  );
  const words = useErrorWords()(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({ current: String(data.get("current")), password: String(data.get("password")) });
  };
  return (
    <form ref={form} onSubmit={submit} noValidate className="max-w-sm space-y-4">
      <Field label={t("currentPassword")} error={words.fields.current} required>
        {(control) => <PasswordInput {...control} name="current" autoComplete="current-password" />}
      </Field>
      <Field label={t("newPassword")} help={t("newPasswordHelp")} error={words.fields.password} required>
        {(control) => (
          <PasswordInput {...control} name="password" autoComplete="new-password" maxLength={128} />
        )}
      </Field>
      <FormError>{words.form}</FormError>
      <Button type="submit" busy={change.isPending}>
        {t("changePassword")}
      </Button>
    </form>
  );
}
