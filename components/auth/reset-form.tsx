"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { call } from "../api/call.ts";
import { PasswordInput } from "./password-input.tsx";

/** Another password by a one-time link; then to the door, where it is used at once. */
export function ResetForm({ token }: { token: string }) {
  const t = useTranslations("auth");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { form, fields } = useErrorWords()(error);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    setBusy(true);
    setError(null);
    try {
      await call("mutation", "session.resetPassword", { token, password });
      location.assign("/sign-in");
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field label={t("newPassword")} help={t("passwordRule")} error={fields.password} required>
        {(control) => (
          <PasswordInput {...control} name="password" autoComplete="new-password" maxLength={128} />
        )}
      </Field>
      <FormError>{form}</FormError>
      <Button type="submit" tone="primary" size="large" busy={busy} className="w-full">
        {t("setPassword")}
      </Button>
    </form>
  );
}
