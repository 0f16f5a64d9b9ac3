import type { Metadata } from "next";
import { getLocale } from "next-intl/server";
import { chosenClusterSlug } from "#app/[team]/chosen-cluster.ts";
import type { Locale } from "#common/text.ts";
import { Messages } from "#components/layout/messages.tsx";
import { RunbookPage } from "#components/runbooks/runbook-page.tsx";
import { fetchOrNotFound, HydrateClient, prefetch, trpc } from "#server/api/caller.ts";

type Props = {
  params: Promise<{ team: string; slug: string }>;
  searchParams: Promise<{ cluster?: string | string[]; run?: string | string[] }>;
};

async function load({ params, searchParams }: Props) {
  const { team, slug } = await params;
  const locale = (await getLocale()) as Locale;
  const cluster = await chosenClusterSlug(team, await searchParams);
  return fetchOrNotFound(trpc.runbook.get.queryOptions({ team, slug, locale, cluster }));
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await load(props)).title };
}

export default async function Page(props: Props) {
  const { team, slug } = await props.params;
  const { run } = await props.searchParams;
  if (typeof run === "string") void prefetch(trpc.run.get.queryOptions({ team, runId: run }));
  const { tools } = await load(props);
  return (
    <HydrateClient>
      <Messages of={["runbook", "runs", "reason", ...tools.map((tool) => `tool-${tool}`)]}>
        <RunbookPage team={team} slug={slug} />
      </Messages>
    </HydrateClient>
  );
}
