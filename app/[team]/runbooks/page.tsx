import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { chosenClusterSlug } from "#app/[team]/chosen-cluster.ts";
import type { Locale } from "#common/text.ts";
import { Messages } from "#components/layout/messages.tsx";
import { RunbookList } from "#components/runbooks/runbook-list.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<{ cluster?: string | string[] }>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runbooks");
  return { title: t("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const [{ team }, search, locale] = await Promise.all([params, searchParams, getLocale()]);
  const cluster = await chosenClusterSlug(team, search);
  await prefetch(trpc.runbook.list.queryOptions({ team, cluster, locale: locale as Locale }));
  return (
    <HydrateClient>
      <Messages of={["runbooks"]}>
        <RunbookList />
      </Messages>
    </HydrateClient>
  );
}
