"use client";
import { useTranslations } from "next-intl";
import { OnceShown } from "#components/ui/once-shown.tsx";

export function SigningSecret({ value, onClose }: { value: string; onClose: () => void }) {
  const t = useTranslations("channels");
  return (
    <OnceShown
      label={t("secret")}
      help={t("secretHelp")}
      value={value}
      copy={t("copySecret")}
      onClose={onClose}
    />
  );
}
