"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { SettingsFrame } from "#components/team/settings-frame.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Sessions } from "./sessions.tsx";
import { TwoFactorPart } from "./two-factor-part.tsx";

/** How one signs in, and where one is signed in now. */
export function SecuritySettings() {
  const t = useTranslations("security");
  const { data } = useSuspenseQuery(trpc.profile.security.queryOptions());
  return (
    <SettingsFrame part="security">
      {data.hasPassword ? (
        <>
          <Section title={t("passwordTitle")}>
            <PasswordForm />
          </Section>
          <Section title={t("twoFactorTitle")}>
            <TwoFactorPart enabled={data.twoFactor} />
          </Section>
        </>
      ) : (
        <Section title={t("passwordTitle")}>
          <p className="text-soft">{t("byProvider")}</p>
        </Section>
      )}
      <Section title={t("sessionsTitle")}>
        <Sessions sessions={data.sessions} />
      </Section>
    </SettingsFrame>
  );
}
