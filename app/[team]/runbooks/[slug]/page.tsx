import { getLocale } from "next-intl/server";
import type { Locale } from "#common/text.ts";
import { Messages } from "#components/layout/messages.tsx";
import { RunbookPage } from "#components/runbooks/runbook-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function Page({ params, searchParams }: Props) {
  const { team, slug } = await params;
  const { cluster, run } = await searchParams;
  const locale = (await getLocale()) as Locale;
  const chosen = typeof cluster === "string" ? cluster : undefined;
  if (typeof run === "string") void prefetch(trpc.run.get.queryOptions({ team, runId: run }));
  const runbook = await fetchOrNotFound(trpc.runbook.get.queryOptions({ team, slug, locale, cluster: chosen }));
  return (
    <HydrateClient>
      <Messages of={["runbook", "runs", "reason", ...runbook.tools.map((tool) => `tool-${tool}`)]}>
        <RunbookPage team={team} slug={slug} />
      </Messages>
    </HydrateClient>
  );
}
