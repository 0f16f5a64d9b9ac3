import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { nameCluster } from "#app/[team]/chosen-cluster.ts";
import type { AcrossInput } from "#common/contracts/across.ts";
import { ComparePage } from "#components/compare/compare-page.tsx";
import { AcrossPage, HostsPage } from "#components/compare/lazy-views.tsx";
import ExportLinks from "#components/exports/export-links.tsx";
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

/** In time by default; across clusters or hosts where the address names them or the other run is of another cluster. */
export default async function Page({ params, searchParams }: Props) {
  const { team, runId } = await params;
  const search = await searchParams;
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
  void prefetch(trpc.check.list.queryOptions({ team }));
  const sides = { a: text("a"), b: text("b"), targetA: text("targetA"), targetB: text("targetB") };
  const input: AcrossInput = { runId, with: text("with"), ...sides };
  const run = await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  nameCluster(`/${team}/compare/${runId}`, search, run.clusters[0]?.slug);
  return (
    <HydrateClient>
      <Messages of={["compare", "runs", "reason", "across", "shares"]}>
        {await viewOf(team, input, { hosts: text("view") === "hosts", clusters: run.clusters })}
      </Messages>
    </HydrateClient>
  );
}

async function viewOf(
  team: string,
  input: AcrossInput,
  { hosts, clusters }: { hosts: boolean; clusters: { slug: string }[] },
) {
  const { runId, with: other, ...sides } = input;
  if (hosts) {
    await fetchOrNotFound(trpc.across.hosts.queryOptions({ team, runId }));
    return (
      <>
        <HostsPage team={team} runId={runId} />
        <p className="mt-8">
          <ExportLinks team={team} view="hosts" filter={{ runId }} />
        </p>
      </>
    );
  }
  const named = Object.values(sides).some((side) => side !== undefined);
  if (!named && (other === undefined || (await sharesCluster(team, other, clusters)))) {
    await fetchOrNotFound(trpc.run.compare.queryOptions({ team, runId, with: other }));
    return (
      <>
        <ComparePage team={team} runId={runId} other={other} />
        <p className="mt-8">
          <ExportLinks document team={team} view="comparison" filter={{ runId, with: other }} />
        </p>
      </>
    );
  }
  await fetchOrNotFound(trpc.across.compare.queryOptions({ team, ...input }));
  return (
    <>
      <AcrossPage team={team} input={input} />
      <p className="mt-8">
        <ExportLinks document team={team} view="across" filter={input} />
      </p>
    </>
  );
}

async function sharesCluster(team: string, runId: string, clusters: { slug: string }[]): Promise<boolean> {
  const other = await fetchOrNotFound(trpc.run.get.queryOptions({ team, runId }));
  return other.clusters.some(({ slug }) => clusters.some((cluster) => cluster.slug === slug));
}
