import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { nameCluster } from "#app/[team]/chosen-cluster.ts";
import { Messages } from "#components/layout/messages.tsx";
import { FindingPage } from "#components/runs/finding-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; runId: string; findingId: string }>;
  searchParams: Promise<{ cluster?: string | string[] }>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: t("pageTitle") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team, runId, findingId } = await params;
  void prefetch(trpc.check.list.queryOptions({ team }));
  const run = await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  nameCluster(`/${team}/runs/${runId}/findings/${findingId}`, await searchParams, run.clusters[0]?.slug);
  await fetchOrNotFound(trpc.run.finding.queryOptions({ team, runId, findingId }));
  return (
    <HydrateClient>
      <Messages of={["runs", "reason"]}>
        <FindingPage team={team} runId={runId} findingId={findingId} />
      </Messages>
    </HydrateClient>
  );
}
