"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { signOut } from "./session-requests.ts";

type Props = { token: string; teamName: string; user: { name: string; email: string } };

/** One click for somebody who has an account and is signed in with it. */
export function JoinSignedIn({ token, teamName, user }: Props) {
  const t = useTranslations("auth");
  const accept = useMutation(
    trpc.invitation.accept.mutationOptions({ onSuccess: ({ team }) => location.assign(`/${team}/overview`) }),
  );
  const { form, fields } = useErrorWords()(accept.error);
  return (
    <div className="space-y-4">
      <p className="text-body">{t("joinAs", { name: user.name, email: user.email })}</p>
      <FormError>{form ?? fields.email}</FormError>
      <div className="flex flex-wrap gap-2">
        <Button
          tone="primary"
          busy={accept.isPending || accept.isSuccess}
          onClick={() => accept.mutate({ token })}
        >
          {t("joinTeam", { team: teamName })}
        </Button>
        <Button tone="quiet" onClick={() => void signOut().then(() => location.reload())}>
          {t("otherAccount")}
        </Button>
      </div>
    </div>
  );
}
