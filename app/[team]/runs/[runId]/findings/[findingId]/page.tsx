import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { FindingPage } from "#components/runs/finding-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string; runId: string; findingId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("runs");
  return { title: t("pageTitle") };
}

export default async function Page({ params }: Props) {
  const { team, runId, findingId } = await params;
  void prefetch(trpc.check.list.queryOptions({ team }));
  await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  await fetchOrNotFound(trpc.run.finding.queryOptions({ team, runId, findingId }));
  return (
    <HydrateClient>
      <Messages of={["runs", "reason"]}>
        <FindingPage team={team} runId={runId} findingId={findingId} />
      </Messages>
    </HydrateClient>
  );
}
