"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { InvitationView } from "#common/contracts/team.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { PasswordInput } from "./password-input.tsx";

const passwordLength = 12;

/** A new account by invitation. The first one of an installation also names the team. */
export function JoinForm({ token, invitation }: { token: string; invitation: InvitationView }) {
  const t = useTranslations("auth");
  const accept = useMutation(trpc.invitation.accept.mutationOptions());
  const rename = useMutation(trpc.team.rename.mutationOptions());
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { form, fields } = useErrorWords()(accept.error);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const account = { token, name: text("name"), email: text("email"), password };
    const joined = await accept.mutateAsync(account).catch(() => null);
    if (!joined) return;
    setDone(true);
    const teamName = text("team");
    // Without its new name the team is still there, and settings can name it.
    if (teamName) await rename.mutateAsync({ team: joined.team, name: teamName }).catch(() => null);
    location.assign(`/${joined.team}/overview`);
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
      <Button type="submit" tone="primary" size="large" busy={accept.isPending || done} className="w-full">
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
