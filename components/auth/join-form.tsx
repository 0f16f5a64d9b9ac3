"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { InvitationView } from "#common/contracts/team.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { acceptInvitation, renameTeam } from "./invitation-requests.ts";
import { PasswordInput } from "./password-input.tsx";

const passwordLength = 12;

/** A new account by invitation. The first one of an installation also names the team. */
export function JoinForm({ token, invitation }: { token: string; invitation: InvitationView }) {
  const t = useTranslations("auth");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { form, fields } = useErrorWords()(error);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const account = { token, name: text("name"), email: text("email"), password };
    setBusy(true);
    setError(null);
    try {
      const { team } = await acceptInvitation(account);
      const name = text("team");
      // Without its new name the team is still there, and settings can name it.
      if (name) await renameTeam({ team, name }).catch(() => null);
      location.assign(`/${team}/overview`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  const missing = passwordLength - password.length;
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      {invitation.firstAccount ? (
        <Field label={t("teamName")} help={t("teamNameHelp")}>
          {(control) => (
            <Input {...control} name="team" maxLength={80} autoComplete="organization" className="h-10" />
          )}
        </Field>
      ) : null}
      <Field label={t("name")} error={fields.name} required>
        {(control) => <Input {...control} name="name" maxLength={80} autoComplete="name" className="h-10" />}
      </Field>
      <Field
        label={t("email")}
        help={invitation.email ? t("emailBound") : null}
        error={fields.email}
        required
      >
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={invitation.email ?? ""}
            readOnly={invitation.email !== null}
            className="h-10 read-only:bg-sunken"
          />
        )}
      </Field>
      <Field
        label={t("password")}
        help={
          <>
            {t("passwordRule")} {password && missing > 0 ? t("passwordShort", { missing }) : null}
          </>
        }
        error={fields.password}
        required
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="new-password"
            maxLength={128}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <FormError>{form}</FormError>
      <Button type="submit" tone="primary" size="large" busy={busy} className="w-full">
        {invitation.firstAccount ? t("createTeam") : t("createAccount")}
      </Button>
      {invitation.firstAccount ? null : (
        <p className="text-faint">
          {t.rich("accountExists", {
            link: (words) => (
              <Link
                href={`/sign-in?next=/join/${token}`}
                className="text-accent underline underline-offset-2"
              >
                {words}
              </Link>
            ),
          })}
        </p>
      )}
    </form>
  );
}
