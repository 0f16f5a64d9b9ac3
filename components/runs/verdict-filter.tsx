"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { RunView } from "#common/contracts/run.ts";
import { type Verdict, verdicts } from "#common/verdict.ts";
import { VerdictIcon } from "../ui/verdict.tsx";

/** How many results of each verdict; one can be singled out. */
export default function VerdictFilter({
  run,
  value,
  onChange,
}: {
  run: RunView;
  value: Verdict | null;
  onChange: (verdict: Verdict | null) => void;
}) {
  const t = useTranslations("runs");
  const tVerdict = useTranslations("verdict");
  const count = (verdict: Verdict) => run.counts[verdict];
  return (
    <fieldset className="mb-2 flex flex-wrap gap-1">
      <legend className="sr-only">{t("filterByVerdict")}</legend>
      {verdicts.map((verdict) => {
        const pressed = value === verdict;
        return (
          <button
            key={verdict}
            type="button"
            aria-pressed={pressed}
            disabled={count(verdict) === 0 && !pressed}
            onClick={() => onChange(pressed ? null : verdict)}
            className={clsx(
              "inline-flex h-7 items-center gap-1.5 rounded-control px-2 disabled:opacity-45",
              pressed ? "bg-accent-wash text-ink" : "text-soft hover:bg-hover",
            )}
          >
            <VerdictIcon verdict={verdict} size={14} />
            {tVerdict(verdict)} <span className="text-faint">{count(verdict)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
