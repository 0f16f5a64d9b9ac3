"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { PasswordInput } from "#components/auth/password-input.tsx";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { toast } from "#components/ui/toast.ts";
import { PassGlyph } from "#components/ui/verdict-glyphs.tsx";
import { BackupCodes } from "./backup-codes.tsx";
import { EnrolTwoFactor } from "./enrol-two-factor.tsx";

export function TwoFactorPart({ enabled }: { enabled: boolean }) {
  const t = useTranslations("security");
  const refresh = useRefresh();
  const [open, setOpen] = useState(false);
  if (enabled) return <Enabled />;
  if (!open) {
    return (
      <>
        <p className="mb-3 max-w-[72ch] text-soft">{t("twoFactorIntro")}</p>
        <Button onClick={() => setOpen(true)}>{t("setUp")}</Button>
      </>
    );
  }
  return (
    <EnrolTwoFactor
      onDone={() => {
        toast(t("twoFactorOn"));
        setOpen(false);
        void refresh();
      }}
    />
  );
}

/** Either of the two asks for the password again. */
function Enabled() {
  const t = useTranslations("security");
  const refresh = useRefresh();
  const [asking, setAsking] = useState<"codes" | "off" | null>(null);
  const codes = useMutation(
    trpc.profile.newBackupCodes.mutationOptions({ onSuccess: () => setAsking(null) }),
  );
  const off = useMutation(
    trpc.profile.disableTwoFactor.mutationOptions({
      onSuccess: async () => {
        toast(t("twoFactorOff"));
        await refresh();
      },
    }),
  );
  const { form, fields } = useErrorWords()(asking === "codes" ? codes.error : off.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    (asking === "codes" ? codes : off).mutate({ password });
  };
  return (
    <div className="space-y-4">
      <p className="flex items-center gap-1.5">
        <PassGlyph size={15} className="text-pass" /> {t("twoFactorIsOn")}
      </p>
      {codes.data ? <BackupCodes codes={codes.data.backupCodes} /> : null}
      {asking ? (
        <form onSubmit={submit} noValidate className="max-w-sm space-y-4">
          <Field label={t("password")} error={fields.password} required>
            {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" />}
          </Field>
          <FormError>{form}</FormError>
          <div className="flex gap-2">
            <Button
              type="submit"
              tone={asking === "off" ? "danger" : "primary"}
              busy={codes.isPending || off.isPending}
            >
              {asking === "off" ? t("switchOff") : t("newCodes")}
            </Button>
            <Button tone="quiet" onClick={() => setAsking(null)}>
              {t("cancel")}
            </Button>
          </div>
        </form>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAsking("codes")}>{t("newCodes")}</Button>
          <Button onClick={() => setAsking("off")}>{t("switchOff")}</Button>
        </div>
      )}
    </div>
  );
}

function useRefresh() {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: trpc.profile.security.queryKey() });
    await queries.invalidateQueries({ queryKey: trpc.session.current.queryKey() });
  };
}
