import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { InboxPage } from "#components/inbox/inbox-page.tsx";
import { Messages } from "#components/layout/messages.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("inbox");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  return (
    <Messages of={["inbox"]}>
      <InboxPage team={team} />
    </Messages>
  );
}
