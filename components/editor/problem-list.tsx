"use client";
import { useTranslations } from "next-intl";
import type { Problem } from "#common/contracts/team-runbook.ts";

type Props = {
  problems: Problem[];
  /** the text has changed since, or was never looked at: nothing is said of it yet */
  checking: boolean;
  onChoose: (problem: Problem) => void;
};

/** What is wrong with the text; choosing one moves the caret there. */
export function ProblemList({ problems, checking, onChoose }: Props) {
  const t = useTranslations("editor");
  return (
    <section aria-labelledby="problems">
      <h2 id="problems" className="mb-1 font-medium" aria-live="polite">
        {checking ? t("checking") : t("problems", { count: problems.length })}
      </h2>
      <ul className="divide-y divide-line border-y border-line empty:border-none">
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column} ${problem.code} ${JSON.stringify(problem.values)}`}>
            <button
              type="button"
              onClick={() => onChoose(problem)}
              className="grid w-full grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 py-1.5 text-left hover:bg-hover"
            >
              <span className="font-mono text-dense text-faint tabular-nums">
                {problem.line}:{problem.column}
              </span>
              <span className="break-words">{t(`problem.${problem.code}`, problem.values)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
