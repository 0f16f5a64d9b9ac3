import type { Metadata } from "next";
import { ClusterPage } from "#components/clusters/cluster-page.tsx";
import { Messages } from "#components/layout/messages.tsx";
import { fetchOrNotFound, HydrateClient, trpc } from "#server/api/caller.ts";

type Props = { params: Promise<{ team: string; cluster: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const cluster = await fetchOrNotFound(trpc.cluster.get.queryOptions(await params));
  return { title: cluster.name };
}

export default async function Page({ params }: Props) {
  const { team, cluster } = await params;
  await fetchOrNotFound(trpc.cluster.get.queryOptions({ team, cluster }));
  return (
    <HydrateClient>
      <Messages of={["clusters", "endpoints", "hosts", "kubeconfig", "reason"]}>
        <ClusterPage slug={cluster} />
      </Messages>
    </HydrateClient>
  );
}
