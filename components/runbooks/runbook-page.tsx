"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useLocale } from "next-intl";
import type { ReactNode } from "react";
import type { Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { useChosenCluster } from "../clusters/use-chosen-cluster.ts";
import { useMe } from "../team/use-team.ts";
import { RunRail } from "./run-rail.tsx";
import { RunbookSessionProvider } from "./session.tsx";

type Props = {
  team: string;
  slug: string;
  /** what is read of a runbook, made on the server: see runbook-text.tsx */
  head: ReactNode;
  children: ReactNode;
};

/** A runbook: the article in the middle, the rail that runs its checks beside it. */
export function RunbookPage({ team, slug, head, children }: Props) {
  const locale = useLocale() as Locale;
  const chosen = useChosenCluster().cluster?.slug ?? null;
  const { can } = useMe([chosen ?? undefined]);
  const { data: runbook } = useSuspenseQuery(
    trpc.runbook.get.queryOptions({ team, slug, locale, cluster: chosen ?? undefined }),
  );
  return (
    <RunbookSessionProvider team={team} cluster={chosen} canRun={can("operator")} runbook={runbook}>
      <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,46rem)_18rem] xl:justify-center">
        {head}
        <div className="min-w-0 xl:order-2">
          <RunRail />
        </div>
        <div className="min-w-0 xl:order-1">{children}</div>
      </div>
    </RunbookSessionProvider>
  );
}
