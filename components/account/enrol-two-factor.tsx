"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { TwoFactorDraft } from "#common/contracts/account.ts";
import { call } from "#components/api/call.ts";
import { PasswordInput } from "#components/auth/password-input.tsx";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { BackupCodes } from "./backup-codes.tsx";

/** The password, then a code to scan and codes to keep, then the first code from the app. */
export function EnrolTwoFactor({ onDone }: { onDone: () => void }) {
  const t = useTranslations("security");
  const [draft, setDraft] = useState<TwoFactorDraft | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { form, fields } = useErrorWords()(error);

  const send = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    await work().catch(setError);
    setBusy(false);
  };
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    void send(async () =>
      setDraft((await call("mutation", "profile.beginTwoFactor", { password })) as TwoFactorDraft),
    );
  };
  const confirm = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code")).replaceAll(/\s/g, "");
    void send(async () => {
      await call("mutation", "profile.confirmTwoFactor", { code });
      onDone();
    });
  };

  if (!draft) {
    return (
      <form onSubmit={begin} noValidate className="max-w-sm space-y-4">
        <Field label={t("password")} help={t("passwordWhy")} error={fields.password} required>
          {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" />}
        </Field>
        <FormError>{form}</FormError>
        <Button type="submit" tone="primary" busy={busy}>
          {t("begin")}
        </Button>
      </form>
    );
  }
  return (
    <form onSubmit={confirm} noValidate className="max-w-xl space-y-5">
      <div>
        <p className="mb-3">{t("scan")}</p>
        <svg
          viewBox={`0 0 ${draft.qr.size} ${draft.qr.size}`}
          className="size-48 rounded-control"
          role="img"
          aria-label={t("qrLabel")}
          shapeRendering="crispEdges"
        >
          {/* In the dark as well: cameras want dark on light. */}
          <rect width={draft.qr.size} height={draft.qr.size} fill="white" />
          <path d={draft.qr.path} fill="black" />
        </svg>
        <p className="mt-3 text-soft">{t("secretText")}</p>
        <p className="mt-1 font-mono break-all select-all" data-testid="secret">
          {draft.secret.match(/.{1,4}/g)?.join(" ")}
        </p>
      </div>
      <BackupCodes codes={draft.backupCodes} />
      <Field
        label={t("firstCode")}
        help={t("firstCodeHelp")}
        error={fields.code}
        required
        className="max-w-sm"
      >
        {(control) => (
          <Input
            {...control}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            className="h-10 font-mono"
          />
        )}
      </Field>
      <FormError>{form}</FormError>
      <Button type="submit" tone="primary" busy={busy}>
        {t("confirm")}
      </Button>
    </form>
  );
}
