"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import type { ResultView, RunView } from "#common/contracts/run.ts";
import type { CheckView } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { useRunbookSession } from "../runbooks/session.tsx";
import { LazyResultDetail, useResultDetailSoon } from "../runs/lazy-result-detail.tsx";
import { ResultState, ResultSummary } from "../runs/result-line.tsx";

/** What a check says of one target in the run in view. */
export default function InPlaceResult({ result, check }: { result: ResultView; check: CheckView }) {
  const { team, run } = useRunbookSession();
  const locale = useLocale() as Locale;
  const [open, setOpen] = useState(true);
  useResultDetailSoon();
  const done = result.phase === "done";
  if (!run) return null;
  return (
    <div className="border-t border-line" aria-live="polite">
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 py-1">
        <ResultState result={result} />
        <ResultSummary result={result} label={inLocale(check.title, locale)} />
        <span className="ml-auto flex items-center gap-3 text-faint">
          <span>{whereOf(run, result)}</span>
          {done ? (
            <button
              type="button"
              className="text-soft hover:text-ink"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <ToggleWord open={open} />
            </button>
          ) : null}
        </span>
      </div>
      {done && open ? (
        <div className="pb-3">
          <LazyResultDetail team={team} runId={run.id} result={result} level={4} />
        </div>
      ) : null}
    </div>
  );
}

/** The target, after its cluster where the run has several and the target is not called the same. */
function whereOf({ clusters }: RunView, { cluster, targetName }: ResultView): string {
  const name = clusters.length > 1 ? clusters.find(({ slug }) => slug === cluster)?.name : undefined;
  return name === undefined || name === targetName ? targetName : `${name} · ${targetName}`;
}

function ToggleWord({ open }: { open: boolean }) {
  const t = useTranslations("runbook");
  return open ? t("hide") : t("show");
}
