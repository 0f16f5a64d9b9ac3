"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { DrainNodeRow, DrainSource } from "#common/contracts/drain.ts";
import { exampleFacts } from "#common/kubernetes/drain-example.ts";
import { nodeRows } from "#common/kubernetes/drain-report.ts";
import { trpc } from "#components/api/trpc.ts";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { useTeam } from "#components/team/use-team.ts";
import { flagPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";

const exampleNodes = nodeRows(exampleFacts);
const state = { example: flagPart(false) };
const keys = { example: "drain.example" };
const untilReadMs = 5_000;
export const sinceReadMs = 15_000;

export type DrainPlace = {
  team: string;
  cluster: { slug: string; name: string } | null;
  /** null: the made-up cluster */
  live: DrainSource | null;
  pending: boolean;
  failed: boolean;
  nodes: DrainNodeRow[];
  showExample: (example: boolean) => void;
  hasLive: boolean;
};

/** What the tools about drains work on: the facts a check has read of the chosen cluster, else a made-up one. */
export function useDrainPlace(): DrainPlace {
  const team = useTeam();
  const { cluster, pending } = useChosenCluster();
  const [{ example }, choose] = useUrlState(state, { keys });
  const read = useQuery({
    ...trpc.disruption.nodes.queryOptions({ team, cluster: cluster?.slug ?? "" }),
    enabled: cluster !== null,
    refetchInterval: (query: { state: { data?: unknown } }) => (query.state.data ? sinceReadMs : untilReadMs),
  });
  const live = cluster && read.data && !example ? read.data : null;
  return {
    team,
    cluster: cluster && { slug: cluster.slug, name: cluster.name },
    live: live?.source ?? null,
    pending: pending || (cluster !== null && read.isPending),
    failed: read.isError,
    nodes: live?.nodes ?? exampleNodes,
    showExample: (next) => choose({ example: next }),
    hasLive: Boolean(read.data),
  };
}

/** Says whose facts are shown, as of when, and how to get them where there are none. */
export function DrainSourceLine({ place }: { place: DrainPlace }) {
  const t = useTranslations("tool-drain");
  const { cluster, live, nodes, team } = place;
  if (place.failed) return <ErrorState title={t("failed")}>{t("failedHelp")}</ErrorState>;
  if (live && cluster)
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
        <p>
          {t.rich("live", {
            cluster: cluster.name,
            count: nodes.length,
            by: live.by,
            time: () => <Time at={live.observedAt} />,
            run: (words) => (
              <Link href={`/${team}/runs/${live.runId}`} className="text-accent hover:underline">
                {words}
              </Link>
            ),
          })}
          {live.volumesUnread ? ` ${t("volumesUnread")}` : null}
        </p>
        <Button size="small" tone="quiet" onClick={() => place.showExample(true)}>
          {t("toExample")}
        </Button>
      </div>
    );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
      <p>
        {cluster && !place.hasLive ? `${t("nothingRead", { cluster: cluster.name })} ` : null}
        {t("example", { count: nodes.length })}
      </p>
      {place.hasLive && cluster ? (
        <Button size="small" tone="quiet" onClick={() => place.showExample(false)}>
          {t("toCluster", { cluster: cluster.name })}
        </Button>
      ) : null}
    </div>
  );
}
