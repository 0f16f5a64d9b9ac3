"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { CheckStateView } from "#common/contracts/runbook.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { CheckTrend } from "./check-trend.tsx";

/** What the check said when it was last run here. */
export default function LastState({ state }: { state: CheckStateView }) {
  const { team, cluster } = useRunbookSession();
  const t = useTranslations("runbook");
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 border-t border-line py-1">
      <VerdictBadge verdict={state.verdict} />
      <Link
        href={`/${team}/runs/${state.runId}/results/${state.resultId}`}
        className="text-faint hover:text-accent hover:underline"
      >
        {t("lastRun")} <Time at={state.checkedAt} />
      </Link>
      {cluster ? <CheckTrend team={team} cluster={cluster} check={state.checkId} /> : null}
    </div>
  );
}
