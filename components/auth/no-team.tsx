"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { signOut } from "./session-requests.ts";

/** For somebody who is signed in and belongs to no team. */
export function NoTeam({ user }: { user: { name: string; email: string } }) {
  const t = useTranslations("auth");
  return (
    <div className="space-y-4">
      <p className="text-body">{t("joinAs", { name: user.name, email: user.email })}</p>
      <Button onClick={() => void signOut().then(() => location.reload())}>{t("otherAccount")}</Button>
    </div>
  );
}
