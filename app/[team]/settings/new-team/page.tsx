import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { NewTeam } from "#components/team/new-team.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("newTeam") };
}

export default function Page() {
  return (
    <Messages of={["settings"]}>
      <NewTeam />
    </Messages>
  );
}
