import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { HistoryPage } from "#components/history/history-page.tsx";
import { Messages } from "#components/layout/messages.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("history");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  const t = await getTranslations("sessions");
  return (
    <Messages of={["history", "runs"]}>
      <HistoryPage team={team} />
      <p className="mt-6">
        <Link href={`/${team}/sessions`} className="text-accent underline">
          {t("title")}
        </Link>
      </p>
    </Messages>
  );
}
