"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { beginOidc } from "./session-requests.ts";

/** Goes to the identity provider, and from there to `next`. */
export function OidcButton({ name, next }: { name: string; next: string }) {
  const t = useTranslations("auth");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const go = async () => {
    setBusy(true);
    setFailed(false);
    const url = await beginOidc(next);
    if (url) return location.assign(url);
    setBusy(false);
    setFailed(true);
  };
  return (
    <div className="space-y-2">
      <Button size="large" busy={busy} onClick={go} className="w-full">
        {t("oidc", { name })}
      </Button>
      <FormError>{failed ? t("oidcUnreachable", { name }) : null}</FormError>
    </div>
  );
}
