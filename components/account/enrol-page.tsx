"use client";
import { useTranslations } from "next-intl";
import { signOut } from "#components/auth/session-requests.ts";
import { Button } from "#components/ui/button.tsx";
import { EnrolTwoFactor } from "./enrol-two-factor.tsx";

type Props = { next: string; canEnrol: boolean };

/** For who is led here by a team that asks for a second factor. */
export function EnrolPage({ next, canEnrol }: Props) {
  const t = useTranslations("security");
  const leave = () => void signOut().then(() => location.assign(`/sign-in?next=${encodeURIComponent(next)}`));
  return (
    <div className="space-y-6">
      {canEnrol ? <EnrolTwoFactor onDone={() => location.assign(next)} /> : null}
      <Button tone={canEnrol ? "quiet" : "primary"} onClick={leave}>
        {t("signInAgain")}
      </Button>
    </div>
  );
}
