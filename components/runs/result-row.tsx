"use client";

import clsx from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { ResultView } from "#common/contracts/run.ts";
import { ChevronRightIcon } from "../ui/icons.tsx";
import { LazyResultDetail, useResultDetailSoon } from "./lazy-result-detail.tsx";
import { ResultState, ResultSummary } from "./result-line.tsx";

/** One check on one target: a line that keeps its height while it streams, and opens once there is more. */
export function ResultRow({
  team,
  runId,
  result,
  title,
  short = false,
  startOpen,
}: {
  team: string;
  runId: string;
  result: ResultView;
  title: string;
  /** where the check is named above already: only its target is */
  short?: boolean;
  startOpen: boolean;
}) {
  const t = useTranslations("runs");
  const panel = useId();
  const [chosen, setChosen] = useState<boolean>();
  useResultDetailSoon();
  const done = result.phase === "done";
  const open = done && (chosen ?? (startOpen && result.verdict !== "skip"));
  return (
    <li data-check={result.checkId} data-phase={result.phase}>
      <div className="grid min-h-9 grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 py-1 md:grid-cols-[1.25rem_minmax(0,1fr)_6.5rem_13rem_16rem]">
        <button
          type="button"
          disabled={!done}
          aria-expanded={open}
          aria-controls={panel}
          aria-label={t("toggleResult", { title })}
          onClick={() => setChosen(!open)}
          className="inline-flex size-5 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-ink disabled:opacity-30"
        >
          <ChevronRightIcon
            size={14}
            className={clsx("transition-transform duration-150", open && "rotate-90")}
          />
        </button>
        <span className="min-w-0 md:truncate">
          {short ? (
            result.targetName
          ) : (
            <>
              <h2 className="inline font-medium">{title}</h2>
              {result.target === "none" ? null : <span className="ml-2 text-faint">{result.targetName}</span>}
            </>
          )}
        </span>
        <span className="justify-self-end md:justify-self-start">
          <ResultState result={result} />
        </span>
        <span className="col-start-2 min-h-5 md:col-start-auto">
          <ResultSummary result={result} label={title} />
        </span>
        <Link
          href={`/${team}/runs/${runId}/results/${result.id}`}
          className="justify-self-end font-mono text-micro text-faint hover:text-accent hover:underline"
        >
          {short ? t("wholeResult") : result.checkId}
        </Link>
      </div>
      <div id={panel} className="pl-7">
        {open ? (
          <div className="pb-4">
            <LazyResultDetail team={team} runId={runId} result={result} />
          </div>
        ) : null}
      </div>
    </li>
  );
}
