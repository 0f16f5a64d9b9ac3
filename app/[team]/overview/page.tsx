import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { Locale } from "#common/text.ts";
import { Messages } from "#components/layout/messages.tsx";
import { OverviewPage } from "#components/overview/overview.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";
import { FindingNews } from "./finding-news.tsx";

type Props = { params: Promise<{ team: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("overview");
  return { title: t("title") };
}

export default async function Page({ params }: Props) {
  const [{ team }, locale] = await Promise.all([params, getLocale()]);
  void prefetch(trpc.overview.get.queryOptions({ team, locale: locale as Locale }));
  return (
    <HydrateClient>
      <Messages of={["overview"]}>
        <OverviewPage news={<FindingNews team={team} />} />
      </Messages>
    </HydrateClient>
  );
}
