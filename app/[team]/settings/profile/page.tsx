import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { ProfileSettings } from "#components/team/profile-settings.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("profile") };
}

export default function Page() {
  return (
    <Messages of={["settings"]}>
      <ProfileSettings />
    </Messages>
  );
}
