"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { RunbookView } from "#common/contracts/runbook.ts";
import { exactTime } from "#common/format.ts";
import { VerdictBar } from "../ui/verdict-bar.tsx";

/** One bar a run, oldest left; height and name say the verdict as well as the colour does. */
export default function RunStrip({ team, runs }: { team: string; runs: RunbookView["strip"] }) {
  const t = useTranslations("verdict");
  const locale = useLocale();
  return (
    <ol className="flex h-7 items-end gap-[3px]">
      {[...runs].reverse().map((run) => {
        const words = `${run.verdict ? t(run.verdict) : run.status}, ${exactTime(run.createdAt, locale)}`;
        return (
          <li key={run.runId} className="flex h-full w-1.5 items-end">
            <Link
              href={`/${team}/runs/${run.runId}`}
              title={words}
              aria-label={words}
              suppressHydrationWarning
              className="flex h-full w-full items-end"
            >
              <VerdictBar verdict={run.verdict} />
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
