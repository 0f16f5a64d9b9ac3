import type { Metadata } from "next";
import { getLocale } from "next-intl/server";
import { chosenClusterSlug } from "#app/[team]/chosen-cluster.ts";
import type { Locale } from "#common/text.ts";
import { toolMessages } from "#common/tool-messages.ts";
import { Messages } from "#components/layout/messages.tsx";
import { RunbookPage } from "#components/runbooks/runbook-page.tsx";
import { RunbookHead, RunbookText } from "#components/runbooks/runbook-text.tsx";
import { fetchOrNotFound, getQueryClient, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; slug: string }>;
  searchParams: Promise<{ cluster?: string | string[]; run?: string | string[] }>;
};

async function load({ params, searchParams }: Props) {
  const { team, slug } = await params;
  const locale = (await getLocale()) as Locale;
  const cluster = await chosenClusterSlug(team, await searchParams);
  const options = trpc.runbook.get.queryOptions({ team, slug, locale, cluster });
  return { runbook: await fetchOrNotFound(options), cluster, options };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await load(props)).runbook.title };
}

export default async function Page(props: Props) {
  const { team, slug } = await props.params;
  const { run } = await props.searchParams;
  if (typeof run === "string") void prefetch(trpc.run.get.queryOptions({ team, runId: run }));
  const { runbook, cluster, options } = await load(props);
  // The article is rendered here: what the browser keeps of the runbook need not hold it a second time.
  getQueryClient().setQueryData(options.queryKey, { ...runbook, article: [] });
  return (
    <HydrateClient>
      <Messages of={["runbook", "runs", "reason", "trend", ...toolMessages(runbook.tools)]}>
        <RunbookPage team={team} slug={slug} head={<RunbookHead team={team} runbook={runbook} />}>
          <RunbookText team={team} runbook={runbook} cluster={cluster} />
        </RunbookPage>
      </Messages>
    </HydrateClient>
  );
}
