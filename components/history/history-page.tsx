"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import { lazy, type ReactNode, Suspense } from "react";
import { PageHeader } from "../ui/page-header.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { HistoryFilters } from "./history-filters.tsx";
import { RunList } from "./run-list.tsx";
import { filterOf, isFiltered, useHistoryFilter } from "./use-history-filter.ts";

const ResultList = lazy(() => import("./result-list.tsx"));
const SavedViews = lazy(() => import("./saved-views.tsx"));

/** Every run of the team, newest first; the filters live in the URL, so a view can be sent to somebody. */
export function HistoryPage({ team, actions }: { team: string; actions: ReactNode }) {
  const t = useTranslations("history");
  const [chosen, setChosen] = useHistoryFilter();
  const list = { team, filter: filterOf(chosen), filtered: isFiltered(chosen), onChange: setChosen };
  return (
    <>
      <PageHeader title={t("title")} actions={actions}>
        {t("lead")}
      </PageHeader>
      <Suspense fallback={<div className="mb-4 h-8" />}>
        <SavedViews team={team} value={chosen} />
      </Suspense>
      <HistoryFilters team={team} value={chosen} onChange={setChosen} />
      <fieldset className="mb-3 flex gap-1">
        <legend className="sr-only">{t("view")}</legend>
        {(["runs", "results"] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={chosen.view === view}
            onClick={() => setChosen({ view })}
            className={clsx(
              "h-7 rounded-control px-2.5 font-medium",
              chosen.view === view ? "bg-accent-wash text-ink" : "text-soft hover:bg-hover",
            )}
          >
            {t(view)}
          </button>
        ))}
      </fieldset>
      {chosen.view === "runs" ? (
        <RunList {...list} />
      ) : (
        <Suspense fallback={<SkeletonRows rows={8} label={t("loadingResults")} />}>
          <ResultList {...list} />
        </Suspense>
      )}
    </>
  );
}
