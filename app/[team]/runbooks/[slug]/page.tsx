import { getLocale } from "next-intl/server";
import type { Locale } from "#common/text.ts";
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
  void prefetch(trpc.session.current.queryOptions());
  void prefetch(trpc.cluster.list.queryOptions({ team }));
  if (typeof run === "string") void prefetch(trpc.run.get.queryOptions({ team, runId: run }));
  await fetchOrNotFound(trpc.runbook.get.queryOptions({ team, slug, locale, cluster: chosen }));
  return (
    <HydrateClient>
      <RunbookPage team={team} slug={slug} />
    </HydrateClient>
  );
}
