"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import type { FindingDetail } from "#common/contracts/finding.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { LazyComments } from "#components/comments/lazy-comments.tsx";
import { FindingItem } from "#components/runs/finding-item.tsx";
import { SubjectName } from "#components/runs/subject.tsx";
import { useTeamHref } from "#components/team/use-team.ts";
import { PageHeader, Section } from "#components/ui/page-header.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";
import { StateMark } from "./state-mark.tsx";
import { Timeline } from "./timeline.tsx";

const FindingActions = lazy(() => import("./finding-actions.tsx"));
const EarlierLives = lazy(() => import("./earlier-lives.tsx"));

/** A finding through time: what it is now, what to do, what became of it, and what people say. */
export function LifePage({ team, id }: { team: string; id: string }) {
  const t = useTranslations("findings");
  const locale = useLocale() as Locale;
  const href = useTeamHref();
  const { data: life } = useSuspenseQuery(trpc.finding.get.queryOptions({ team, id }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const check = checks.find((one) => one.id === life.checkId);
  return (
    <>
      <PageHeader
        eyebrow={
          <Link href={href("/findings")} className="hover:text-accent hover:underline">
            {t("title")}
          </Link>
        }
        title={<SubjectName subject={life.subject} />}
      >
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-dense">
          <VerdictBadge verdict={life.verdict} />
          <StateMark life={life} />
          <span>{check ? inLocale(check.title, locale) : life.checkId}</span>
          <span>{life.cluster.name}</span>
          {life.cluster.removed ? <span>{t("clusterRemoved")}</span> : null}
        </span>
      </PageHeader>
      <Suspense fallback={<div className="mb-3 h-8" />}>
        <FindingActions team={team} lives={[life]} />
      </Suspense>
      <Notes life={life} />
      <Section title={t("newest")} aside={<Times life={life} />}>
        {life.newest ? (
          <>
            <FindingItem finding={life.newest} open level={3} />
            <Link href={href(`/runs/${life.newest.runId}`)} className="text-accent underline">
              {t("openRun")}
            </Link>
          </>
        ) : (
          <p className="max-w-[72ch] text-soft">
            {inLocale(life.message, locale)} {t("newestGone")}
          </p>
        )}
      </Section>
      <Section title={t("life")}>
        <Timeline life={life} />
      </Section>
      <Suspense>
        <EarlierLives team={team} id={id} checks={checks} />
      </Suspense>
      <LazyComments team={team} place={{ findingId: id }} />
    </>
  );
}

/** What people and circumstances say of its state. */
function Notes({ life }: { life: FindingDetail }) {
  const t = useTranslations("findings");
  const said = life.muted ?? life.acknowledged;
  return (
    <>
      {said?.note ? (
        <p className="mb-3 max-w-[76ch] border-l-2 border-line pl-3 text-body whitespace-pre-wrap">
          {said.note}
        </p>
      ) : null}
      {life.staleSince ? (
        <p className="mb-3 max-w-[76ch] border-l-2 border-unknown bg-sunken px-3 py-1.5">{t("staleHelp")}</p>
      ) : null}
    </>
  );
}

function Times({ life }: { life: FindingDetail }) {
  const t = useTranslations("findings");
  return (
    <span className="flex flex-wrap gap-x-4">
      <span>{t.rich("firstSeenAt", { at: () => <Time at={life.firstSeenAt} /> })}</span>
      <span>{t.rich("lastSeenAt", { at: () => <Time at={life.lastSeenAt} /> })}</span>
    </span>
  );
}
