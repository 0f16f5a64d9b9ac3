"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { FindingDetail, FindingEventView } from "#common/contracts/finding.ts";
import { useTeamHref } from "#components/team/use-team.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictIcon } from "#components/ui/verdict.tsx";

/** What became of it, newest first, and the runs it was seen in. */
export function Timeline({ life }: { life: FindingDetail }) {
  const t = useTranslations("findings");
  const href = useTeamHref();
  return (
    <>
      {life.events.length === 0 ? <p className="text-soft">{t("noEvents")}</p> : null}
      <ol className="space-y-1.5">
        {[...life.events].reverse().map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
      {life.seenIn.length > 0 ? (
        <div className="mt-4">
          <h3 className="mb-1 font-medium">{t("seenIn")}</h3>
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {life.seenIn.map(({ runId, at, verdict }) => (
              <li key={runId}>
                <Link
                  href={href(`/runs/${runId}`)}
                  className="inline-flex items-center gap-1.5 text-soft hover:text-accent hover:underline"
                >
                  <VerdictIcon verdict={verdict} size={14} labelled />
                  <Time at={at} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

function Event({ event }: { event: FindingEventView }) {
  const t = useTranslations("findings");
  const tVerdict = useTranslations("verdict");
  const href = useTeamHref();
  const change = event.kind === "worsened" || event.kind === "eased";
  return (
    <li className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3">
      <Time at={event.at} className="text-faint" />
      <span className="min-w-0 wrap-anywhere">
        <span className="font-medium">{t(`event.${event.kind}`)}</span>
        {change && event.previousVerdict ? (
          <span className="text-soft">
            {" "}
            {t("fromTo", { from: tVerdict(event.previousVerdict), to: tVerdict(event.verdict) })}
          </span>
        ) : null}
        {event.until ? (
          <span className="text-soft">
            {" "}
            {t.rich("untilAt", { at: () => <Time at={event.until ?? event.at} /> })}
          </span>
        ) : null}
        <span className="text-soft"> · {event.by ?? t(event.runId ? "byRun" : "byClock")}</span>
        {event.muted && event.kind !== "muted" ? (
          <Badge outline="dashed" className="ml-2">
            {t("state.muted")}
          </Badge>
        ) : null}
        {event.runId ? (
          <Link href={href(`/runs/${event.runId}`)} className="ml-2 text-accent underline">
            {t("openRun")}
          </Link>
        ) : null}
        {event.note ? <span className="block whitespace-pre-wrap text-soft">{event.note}</span> : null}
      </span>
    </li>
  );
}
