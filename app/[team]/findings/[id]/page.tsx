import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LifePage } from "#components/findings/life-page.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("findings");
  return { title: t("pageTitle") };
}

export default async function Page({ params }: { params: Promise<{ team: string; id: string }> }) {
  const { team, id } = await params;
  void prefetch(trpc.check.list.queryOptions({ team }));
  await fetchOrNotFound(trpc.finding.get.queryOptions({ team, id }));
  return (
    <HydrateClient>
      <Messages of={["findings", "comments", "runs"]}>
        <LifePage team={team} id={id} />
      </Messages>
    </HydrateClient>
  );
}
