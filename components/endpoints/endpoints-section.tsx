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
import { EndpointRow } from "./endpoint-row.tsx";

const EndpointDialog = lazy(() => import("./endpoint-dialog.tsx"));

const pollEveryMs = 1_000;

/** The endpoints of a cluster: what is asked over HTTP, TLS, DNS, a registry, MySQL, Prometheus or Kafka. */
export default function EndpointsSection({ cluster }: { cluster: string }) {
  const t = useTranslations("endpoints");
  const common = useTranslations("common");
  const team = useTeam();
  const { can } = useMe([cluster]);
  const [adding, setAdding] = useState(false);
  const endpoints = useQuery(
    trpc.endpoint.list.queryOptions(
      { team, cluster },
      { refetchInterval: ({ state }) => (state.data?.some(({ testing }) => testing) ? pollEveryMs : false) },
    ),
  );
  const words = useErrorWords()(endpoints.error);
  return (
    <div>
      <p className="max-w-[72ch] text-soft">{t("intro")}</p>
      {endpoints.isPending ? <SkeletonRows rows={2} label={common("loading")} /> : null}
      {endpoints.error ? (
        <ErrorState
          title={words.form}
          action={<Button onClick={() => void endpoints.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {endpoints.data?.length ? (
        <ul className="mt-3">
          {endpoints.data.map((view) => (
            <EndpointRow key={view.id} cluster={cluster} view={view} />
          ))}
        </ul>
      ) : null}
      {can("admin") ? (
        <Button className="mt-3" icon={<PlusIcon size={14} />} onClick={() => setAdding(true)}>
          {t("add")}
        </Button>
      ) : null}
      <Suspense>
        {adding ? <EndpointDialog cluster={cluster} onClose={() => setAdding(false)} /> : null}
      </Suspense>
    </div>
  );
}
