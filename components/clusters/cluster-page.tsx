"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { PageHeader, Section } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ClusterMark } from "./cluster-mark.tsx";
import { ConnectApi } from "./connect-api.tsx";
import { ConnectionPanel } from "./connection-panel.tsx";
import { RemoveCluster } from "./remove-cluster.tsx";

const ClusterSettings = lazy(() => import("./cluster-settings.tsx"));
const ClusterParams = lazy(() => import("./cluster-params.tsx"));
const HostsSection = lazy(() => import("#components/hosts/hosts-section.tsx"));
const EndpointsSection = lazy(() => import("#components/endpoints/endpoints-section.tsx"));

const pollEveryMs = 1_000;

export function ClusterPage({ slug }: { slug: string }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  const { can } = useMe([slug]);
  const { data: cluster } = useSuspenseQuery(
    trpc.cluster.get.queryOptions(
      { team, cluster: slug },
      {
        refetchInterval: ({ state }) =>
          state.data?.connections.some(({ testing }) => testing) ? pollEveryMs : false,
      },
    ),
  );
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {cluster.name} <ClusterMark cluster={cluster} />
          </span>
        }
      >
        {cluster.practice ? t("practiceNote") : null}
      </PageHeader>
      <Section title={t("connections")}>
        <div className="space-y-8">
          {cluster.connections
            .filter(({ kind }) => kind === "kubernetes" || kind === "local_host")
            .map((connection) => (
              <ConnectionPanel key={connection.id} cluster={cluster} connection={connection} />
            ))}
          <ConnectApi cluster={cluster} />
        </div>
      </Section>
      <Section title={t("hosts")}>
        <Suspense fallback={<SkeletonRows rows={2} label={t("hosts")} />}>
          <HostsSection cluster={cluster.slug} />
        </Suspense>
      </Section>
      <Section title={t("endpoints")}>
        <Suspense fallback={<SkeletonRows rows={2} label={t("endpoints")} />}>
          <EndpointsSection cluster={cluster.slug} />
        </Suspense>
      </Section>
      <Suspense>
        <ClusterParams slug={slug} />
      </Suspense>
      <Section title={t("settings")} aside={can("admin") ? null : t("needAdmin")}>
        <Suspense fallback={<SkeletonRows rows={3} label={t("settings")} />}>
          <ClusterSettings cluster={cluster} />
        </Suspense>
      </Section>
      {can("admin") ? (
        <Section title={t("remove")}>
          <RemoveCluster cluster={cluster} />
        </Section>
      ) : null}
    </div>
  );
}
