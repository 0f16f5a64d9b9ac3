"use client";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { FindingCounts } from "#common/contracts/finding.ts";
import { type FindingStateName, findingStates } from "#common/finding-states.ts";

/** How many there are of each: what is muted is always said, whatever is shown. */
export function StateTabs({
  counts,
  value,
  onChange,
}: {
  counts: FindingCounts | undefined;
  value: FindingStateName | null;
  onChange: (state: FindingStateName | null) => void;
}) {
  const t = useTranslations("findings");
  const there = counts && counts.open + counts.acknowledged + counts.muted;
  const entries = [
    [null, t("unresolved"), there] as const,
    ...findingStates.map((state) => [state, t(`state.${state}`), counts?.[state]] as const),
  ];
  return (
    <fieldset className="mb-3 flex flex-wrap gap-1">
      <legend className="sr-only">{t("byState")}</legend>
      {entries.map(([state, words, count]) => (
        <button
          key={words}
          type="button"
          aria-pressed={value === state}
          onClick={() => onChange(state)}
          className={clsx(
            "inline-flex h-7 items-center gap-1.5 rounded-control px-2",
            value === state ? "bg-accent-wash text-ink" : "text-soft hover:bg-hover",
          )}
        >
          {words} <span className="tabular text-faint">{count ?? ""}</span>
        </button>
      ))}
    </fieldset>
  );
}
