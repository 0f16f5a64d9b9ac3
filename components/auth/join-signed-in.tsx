"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { acceptInvitation } from "./invitation-requests.ts";
import { signOut } from "./session-requests.ts";

type Props = { token: string; teamName: string; user: { name: string; email: string } };

/** One click for somebody who has an account and is signed in with it. */
export function JoinSignedIn({ token, teamName, user }: Props) {
  const t = useTranslations("auth");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { form, fields } = useErrorWords()(error);
  const accept = async () => {
    setBusy(true);
    try {
      const { team } = await acceptInvitation({ token });
      location.assign(`/${team}/overview`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <div className="space-y-4">
      <p className="text-body">{t("joinAs", { name: user.name, email: user.email })}</p>
      <FormError>{form ?? fields.email}</FormError>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={busy} onClick={accept}>
          {t("joinTeam", { team: teamName })}
        </Button>
        <Button tone="quiet" onClick={() => void signOut().then(() => location.reload())}>
          {t("otherAccount")}
        </Button>
      </div>
    </div>
  );
}
