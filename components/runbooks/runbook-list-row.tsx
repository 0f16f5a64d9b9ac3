"use client";
import clsx from "clsx";
import Link from "next/link";
import { useNow, useTranslations } from "next-intl";
import type { RunbookSummary } from "#common/contracts/runbook.ts";
import { isStale, provenDays } from "#common/proven.ts";
import { useTeamHref } from "#components/team/use-team.ts";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";

type Props = { runbook: RunbookSummary; cluster: { slug: string; name: string } | null };

export function RunbookRow({ runbook, cluster }: Props) {
  const t = useTranslations("runbooks");
  const href = useTeamHref();
  return (
    <li className="group relative grid gap-x-6 gap-y-1 py-3 hover:bg-sunken sm:grid-cols-[2.25rem_minmax(0,1fr)_9rem] md:-mx-3 md:px-3">
      <span className="hidden pt-px text-right text-faint sm:block">
        <span className="sr-only">{t("number", { number: runbook.number })}</span>
        <span aria-hidden="true">{runbook.number}</span>
      </span>
      <div className="min-w-0">
        <h3 className="text-body leading-5">
          <Link
            href={href(`/runbooks/${runbook.slug}`)}
            className="after:absolute after:inset-0 group-hover:text-accent"
          >
            {runbook.title}
          </Link>
        </h3>
        <p className="mt-0.5 max-w-[78ch] text-soft">{runbook.summary}</p>
        <p className="mt-1 text-faint">{[...(runbook.own ? [t("own")] : []), ...runbook.tags].join(" · ")}</p>
      </div>
      <div className="flex items-baseline gap-3 sm:block sm:text-right">
        <State runbook={runbook} cluster={cluster} />
      </div>
    </li>
  );
}

function State({ runbook, cluster }: Props) {
  const t = useTranslations("runbooks");
  if (runbook.checks.length === 0) return <span className="text-faint">{t("toolOnly")}</span>;
  if (!runbook.verdict || !cluster) {
    return (
      <>
        <span className="text-faint">{t("neverRun")}</span>
        <Proven proven={runbook.lastProven} />
      </>
    );
  }
  return (
    <>
      <VerdictBadge verdict={runbook.verdict} />
      <Proven proven={runbook.lastProven} />
    </>
  );
}

/** When, where and by whom it was tried last, wherever that was. */
function Proven({ proven }: { proven: RunbookSummary["lastProven"] }) {
  const t = useTranslations("runbooks");
  const now = useNow({ updateInterval: 60_000 });
  if (!proven) return null;
  const stale = isStale(proven.at, now);
  return (
    <span className={clsx("block", stale ? "text-faint" : "text-soft")}>
      <Time at={proven.at} className="block" />
      <span className="block truncate" title={`${proven.cluster.name}, ${proven.by}`}>
        {proven.cluster.name} · {proven.by}
      </span>
      {stale ? <span className="sr-only">{t("provenStale", { days: provenDays })}</span> : null}
    </span>
  );
}
