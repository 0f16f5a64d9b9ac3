import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { nameCluster } from "#app/[team]/chosen-cluster.ts";
import { ComparePage } from "#components/compare/compare-page.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; runId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("compare");
  return { title: t("pageTitle") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team, runId } = await params;
  const search = await searchParams;
  const { with: wanted } = search;
  const other = typeof wanted === "string" ? wanted : undefined;
  void prefetch(trpc.check.list.queryOptions({ team }));
  const { after } = await fetchOrNotFound(trpc.run.compare.queryOptions({ team, runId, with: other }));
  nameCluster(`/${team}/compare/${runId}`, search, after.clusters[0]?.slug);
  return (
    <HydrateClient>
      <Messages of={["compare", "runs", "reason"]}>
        <ComparePage team={team} runId={runId} other={other} />
      </Messages>
    </HydrateClient>
  );
}
