"use client";

import clsx from "clsx";
import Link from "next/link";
import { useNow, useTranslations } from "next-intl";
import { isStale, provenDays } from "#common/proven.ts";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { useRunbookSession } from "./session.tsx";

/** When, where and by whom the runbook was tried last; fades, and says so, once that is no proof any more. */
export default function LastProven() {
  const { runbook, team } = useRunbookSession();
  const t = useTranslations("runbook");
  const now = useNow({ updateInterval: 60_000 });
  const last = runbook.lastProven;
  const stale = last !== null && isStale(last.at, now);
  return (
    <section>
      <h2 className="mb-1 font-medium">{t("lastProven")}</h2>
      {last ? (
        <Link
          href={`/${team}/runs/${last.runId}?cluster=${last.cluster.slug}`}
          className={clsx("block hover:text-accent", stale && "text-faint")}
        >
          <VerdictBadge verdict={last.verdict} className={clsx(stale && "saturate-50")} />
          <span className={clsx("block", !stale && "text-soft")}>
            {last.cluster.name} · <Time at={last.at} /> · {last.by}
          </span>
          {stale ? <span className="block">{t("provenStale", { days: provenDays })}</span> : null}
        </Link>
      ) : (
        <p className="text-soft">{t("neverProven")}</p>
      )}
    </section>
  );
}
