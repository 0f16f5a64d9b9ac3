"use client";

import { useLocale, useTranslations } from "next-intl";
import { mostResultsAtOnce } from "#common/most-results.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { isLive } from "../runs/is-live.ts";
import { ResultState, ResultSummary } from "../runs/result-line.tsx";
import { ButtonLink } from "../ui/button-link.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { useRunbookSession } from "./session.tsx";

/** The run in view, in the rail: a line per check, where each stands, and the way to the whole. */
export default function CurrentRun() {
  const { team, run, runbook, cluster } = useRunbookSession();
  const locale = useLocale() as Locale;
  const t = useTranslations("runbook");
  if (!run) return null;
  const live = isLive(run);
  return (
    <section aria-live="polite">
      <h2 className="mb-1 flex items-center justify-between gap-2 font-medium">
        {t("thisRun")}
        {run.verdict && !live ? <VerdictBadge verdict={run.verdict} /> : null}
      </h2>
      {run.total > mostResultsAtOnce ? (
        <p className="py-1 text-soft">{t("manyResults", { count: run.total })}</p>
      ) : null}
      {run.total === 0 ? <p className="text-soft">{t("queued")}</p> : null}
      <ul className="divide-y divide-line border-y border-line">
        {run.results.map((result) => {
          const check = runbook.checkViews.find((view) => view.id === result.checkId);
          const title = check ? inLocale(check.title, locale) : result.checkId;
          return (
            <li key={result.id} className="py-1.5">
              <p className="truncate" title={title}>
                {title}
                {run.clusters.length > 1 ? (
                  <span className="text-faint">
                    {" "}
                    · {run.clusters.find(({ slug }) => slug === result.cluster)?.name}
                  </span>
                ) : null}
              </p>
              <p className="flex min-h-5 items-center justify-between gap-3">
                <ResultState result={result} />
                <ResultSummary result={result} label={title} />
              </p>
            </li>
          );
        })}
      </ul>
      <div className="mt-2 flex gap-2">
        <ButtonLink size="small" href={`/${team}/runs/${run.id}?cluster=${cluster}`}>
          {t("openRun")}
        </ButtonLink>
        {live ? null : (
          <ButtonLink size="small" tone="quiet" href={`/${team}/compare/${run.id}?cluster=${cluster}`}>
            {t("compare")}
          </ButtonLink>
        )}
      </div>
    </section>
  );
}
