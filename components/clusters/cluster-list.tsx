"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ClusterView, ConnectionView } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { ClusterMark } from "./cluster-mark.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { kindName } from "./kind-name.ts";

export function ClusterList() {
  const t = useTranslations("clusters");
  const common = useTranslations("common");
  const team = useTeam();
  const href = useTeamHref();
  const { can } = useMe();
  const clusters = useQuery(trpc.cluster.list.queryOptions({ team }));
  const words = useErrorWords()(clusters.error);
  const connect = (
    <ButtonLink href={href("/clusters/connect")} tone="primary" icon={<PlusIcon size={14} />}>
      {t("connect")}
    </ButtonLink>
  );
  const any = (clusters.data?.length ?? 0) > 0;
  return (
    <>
      <PageHeader title={t("title")} actions={any && can("admin") ? connect : null}>
        {t("intro")}
      </PageHeader>
      {clusters.isPending ? <SkeletonRows rows={4} label={common("loading")} /> : null}
      {clusters.error ? (
        <ErrorState
          title={words.form}
          action={<Button onClick={() => void clusters.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {clusters.data && !any ? (
        <EmptyState title={t("emptyTitle")} action={can("admin") ? connect : null}>
          {can("admin") ? t("emptyText") : t("emptyTextOther")}
        </EmptyState>
      ) : null}
      {any ? <ClusterTable clusters={clusters.data ?? []} /> : null}
    </>
  );
}

function ClusterTable({ clusters }: { clusters: ClusterView[] }) {
  const t = useTranslations("clusters");
  const team = useTeam();
  return (
    <Table label={t("title")}>
      <Thead>
        <tr>
          <Th>{t("cluster")}</Th>
          <Th>{t("connection")}</Th>
          <Th>{t("address")}</Th>
          <Th>{t("lastTest")}</Th>
        </tr>
      </Thead>
      <tbody>
        {clusters.map((cluster) => (
          <Tr key={cluster.slug} className="relative hover:bg-sunken">
            <Td className="py-2">
              <span className="flex flex-wrap items-center gap-2">
                <Link
                  href={`/${team}/clusters/${cluster.slug}?cluster=${cluster.slug}`}
                  className="font-medium after:absolute after:inset-0"
                >
                  {cluster.name}
                </Link>
                <ClusterMark cluster={cluster} />
              </span>
            </Td>
            <EachConnection cluster={cluster} show={(one) => t(kindName[one.kind])} />
            <EachConnection
              cluster={cluster}
              show={(one) => (
                <span className="font-mono text-[0.75rem] text-soft">
                  {one.kind === "local_host" ? t("addressLocal") : one.address}
                </span>
              )}
            />
            <EachConnection cluster={cluster} show={(one) => <ConnectionState connection={one} />} />
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function EachConnection({
  cluster,
  show,
}: {
  cluster: ClusterView;
  show: (connection: ConnectionView) => React.ReactNode;
}) {
  return (
    <Td className="whitespace-nowrap">
      {cluster.connections.map((connection) => (
        <div key={connection.id} className="flex h-6 items-center">
          {show(connection)}
        </div>
      ))}
    </Td>
  );
}
