import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HistoryPage } from "#components/history/history-page.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("history");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  const t = await getTranslations("sessions");
  return (
    <Messages of={["history", "runs"]}>
      <HistoryPage team={team} actions={<ButtonLink href={`/${team}/sessions`}>{t("title")}</ButtonLink>} />
    </Messages>
  );
}
