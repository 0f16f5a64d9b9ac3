"use client";

import { useLocale, useTranslations } from "next-intl";
import type { ResultView } from "#common/contracts/run.ts";
import { duration, number } from "#common/format.ts";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";

/** The state of one check in one line of fixed height: waiting, what is being read, or the verdict. */
export function ResultState({ result }: { result: ResultView }) {
  const t = useTranslations("runs");
  if (result.phase === "done" && result.verdict) return <VerdictBadge verdict={result.verdict} />;
  return (
    <span className="inline-flex items-center gap-1.5 text-soft">
      {result.phase === "waiting" ? null : <Spinner />}
      {t(`phase.${result.phase}`)}
    </span>
  );
}

/** Real counts while it reads, the summary once it is done. */
export function ResultSummary({ result, label }: { result: ResultView; label: string }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  if (result.phase !== "done") {
    if (!result.progress) return null;
    const { done, total, unit } = result.progress;
    return (
      <span className="flex min-w-0 items-center gap-2 text-faint">
        <ProgressBar done={done} total={total ?? null} label={label} className="max-w-28" />
        <span className="whitespace-nowrap">
          {total === undefined
            ? t("progress", { done: number(done, locale), unit })
            : t("progressOf", { done: number(done, locale), total: number(total, locale), unit })}
        </span>
      </span>
    );
  }
  const shown = (["fail", "unknown", "warn"] as const).filter((verdict) => result.counts[verdict] > 0);
  const took =
    result.startedAt && result.endedAt ? result.endedAt.getTime() - result.startedAt.getTime() : null;
  return (
    <span className="text-faint">
      {shown.map((verdict) => t(`count.${verdict}`, { count: result.counts[verdict] })).join(" · ")}
      {shown.length > 0 && took ? " · " : ""}
      {took ? duration(took, locale) : ""}
    </span>
  );
}
