"use client";
import Link from "next/link";
import { useMessages, useTranslations } from "next-intl";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { isLive } from "#components/runs/is-live.ts";
import { useTeamHref } from "#components/team/use-team.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";

/** The last run and its verdict, or why the last occurrence had none. */
export function LastOutcome({ schedule }: { schedule: ScheduleView }) {
  const t = useTranslations("schedules");
  const { lastRun, lastOutcome } = schedule;
  const isOutcomeNewer =
    lastOutcome && lastOutcome.result !== "started" && !(lastRun && lastRun.createdAt > lastOutcome.at);
  if (lastOutcome && isOutcomeNewer) return <NotRun outcome={lastOutcome} />;
  if (!lastRun) return <span className="text-faint">{t("never")}</span>;
  return (
    <>
      <LastRun run={lastRun} />
      {lastOutcome && lastOutcome.missed > 0 ? (
        <span className="block text-faint">{t("missedBefore", { count: lastOutcome.missed })}</span>
      ) : null}
    </>
  );
}

function LastRun({ run }: { run: NonNullable<ScheduleView["lastRun"]> }) {
  const t = useTranslations("runs");
  const href = useTeamHref();
  return (
    <Link href={href(`/runs/${run.id}`)} className="group block">
      {run.verdict && !isLive(run) ? (
        <VerdictBadge verdict={run.verdict} />
      ) : (
        <span className="inline-flex items-center gap-1.5 text-soft">
          {isLive(run) ? <Spinner /> : null}
          {t(`status.${run.status}`)}
        </span>
      )}
      <span className="block text-faint group-hover:text-accent group-hover:underline">
        <Time at={run.createdAt} />
      </span>
    </Link>
  );
}

function NotRun({ outcome }: { outcome: NonNullable<ScheduleView["lastOutcome"]> }) {
  const t = useTranslations("schedules");
  const known = useMessages().error ?? {};
  const error = useTranslations("error");
  return (
    <>
      <span className="block text-unknown">
        {outcome.result === "refused"
          ? error(outcome.key in known ? outcome.key : "internal", outcome.values)
          : outcome.result === "disabled"
            ? t(`disabled.${outcome.reason}`)
            : t("missed", { count: outcome.missed })}
      </span>
      <span className="block text-faint">
        <Time at={outcome.at} />
      </span>
    </>
  );
}
