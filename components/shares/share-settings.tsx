"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import type { ShareView } from "#common/contracts/share.ts";
import { trpc } from "#components/api/trpc.ts";
import { SettingsFrame } from "#components/team/settings-frame.tsx";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { ShareRow } from "./share-row.tsx";

const RevokeShareDialog = lazy(() => import("./revoke-share-dialog.tsx"));

/** All links of the team: who shared what with whom, and how often it was looked at. */
export function ShareSettings({ children }: { children: React.ReactNode }) {
  const t = useTranslations("shares");
  const team = useTeam();
  const query = trpc.share.list.infiniteQueryOptions(
    { team },
    { initialCursor: null, getNextPageParam: ({ next }) => next },
  );
  const { data, isPending, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(query);
  const [ending, setEnding] = useState<ShareView | null>(null);
  const shares = (data?.pages ?? []).flatMap(({ items }) => items);
  return (
    <SettingsFrame part="shares">
      {isPending ? (
        <SkeletonRows rows={4} label={t("loading")} />
      ) : isError ? (
        <ErrorState title={t("failed")} action={<Button onClick={() => refetch()}>{t("retry")}</Button>} />
      ) : shares.length === 0 ? (
        <EmptyState title={t("noneTitle")}>{t("noneText")}</EmptyState>
      ) : (
        <Section title={t("ofTeam")}>
          <ul className="divide-y divide-line">
            {shares.map((share) => (
              <ShareRow
                key={share.id}
                share={share}
                subject={
                  <Link href={hrefOf(team, share)} className="hover:text-accent hover:underline">
                    {share.subject}
                  </Link>
                }
                onRevoke={() => setEnding(share)}
              />
            ))}
          </ul>
          {hasNextPage ? (
            <Button size="small" busy={isFetchingNextPage} onClick={() => fetchNextPage()} className="mt-3">
              {t("more")}
            </Button>
          ) : null}
        </Section>
      )}
      {children}
      <Suspense>
        {ending ? <RevokeShareDialog share={ending} onClose={() => setEnding(null)} /> : null}
      </Suspense>
    </SettingsFrame>
  );
}

function hrefOf(team: string, { runId, withRunId }: ShareView): string {
  return withRunId ? `/${team}/compare/${runId}?with=${withRunId}` : `/${team}/runs/${runId}`;
}
