import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { RunPage } from "#components/runs/run-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: t("pageTitle") };
}

export default async function Page({ params }: { params: Promise<{ team: string; runId: string }> }) {
  const { team, runId } = await params;
  void prefetch(trpc.check.list.queryOptions({ team }));
  await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  return (
    <HydrateClient>
      <Messages of={["runs", "reason"]}>
        <RunPage team={team} runId={runId} />
      </Messages>
    </HydrateClient>
  );
}
