import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { nameCluster } from "#app/[team]/chosen-cluster.ts";
import { LazyComments } from "#components/comments/lazy-comments.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { RunPage } from "#components/runs/run-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; runId: string }>;
  searchParams: Promise<{ cluster?: string | string[] }>;
};

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: t("pageTitle") };
}

export default async function Page({ params, searchParams }: Props) {
  const { team, runId } = await params;
  void prefetch(trpc.check.list.queryOptions({ team }));
  const run = await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  nameCluster(`/${team}/runs/${runId}`, await searchParams, run.clusters[0]?.slug);
  return (
    <HydrateClient>
      <Messages of={["runs", "reason", "judge", "shares"]}>
        <RunPage team={team} runId={runId} />
      </Messages>
      <Messages of={["comments"]}>
        <LazyComments team={team} place={{ runId }} />
      </Messages>
    </HydrateClient>
  );
}
