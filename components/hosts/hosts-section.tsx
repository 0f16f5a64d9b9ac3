"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { PlusIcon } from "#components/ui/icons.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { HostGroup } from "./host-group.tsx";

const GroupDialog = lazy(() => import("./group-dialog.tsx"));

const pollEveryMs = 1_000;

/** The groups of hosts that a cluster reaches over SSH. */
export default function HostsSection({ cluster }: { cluster: string }) {
  const t = useTranslations("hosts");
  const common = useTranslations("common");
  const team = useTeam();
  const { can } = useMe([cluster]);
  const [adding, setAdding] = useState(false);
  const groups = useQuery(
    trpc.host.list.queryOptions(
      { team, cluster },
      { refetchInterval: ({ state }) => (state.data?.some(({ looking }) => looking) ? pollEveryMs : false) },
    ),
  );
  const words = useErrorWords()(groups.error);
  return (
    <div>
      {groups.isPending ? <SkeletonRows rows={2} label={common("loading")} /> : null}
      {groups.error ? (
        <ErrorState
          title={words.form}
          action={<Button onClick={() => void groups.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {groups.data?.length === 0 ? (
        <p className="max-w-[72ch] text-soft">
          {t("emptyText")} {can("admin") ? null : t("emptyOther")}
        </p>
      ) : null}
      <div className="space-y-8">
        {groups.data?.map((view) => (
          <HostGroup key={view.id} cluster={cluster} view={view} />
        ))}
      </div>
      {can("admin") ? (
        <Button className="mt-3" icon={<PlusIcon size={14} />} onClick={() => setAdding(true)}>
          {t("add")}
        </Button>
      ) : null}
      <Suspense>
        {adding ? <GroupDialog cluster={cluster} onClose={() => setAdding(false)} /> : null}
      </Suspense>
    </div>
  );
}
