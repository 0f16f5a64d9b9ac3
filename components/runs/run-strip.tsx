"use client";

import clsx from "clsx";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { RunbookView } from "#common/contracts/runbook.ts";
import { exactTime } from "#common/format.ts";

const heights = { pass: "h-2.5", skip: "h-1", warn: "h-4", unknown: "h-5", fail: "h-6" };
const colours = {
  pass: "bg-pass",
  skip: "bg-skip",
  warn: "bg-warn",
  unknown: "bg-unknown",
  fail: "bg-fail",
};

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
              <span
                className={clsx(
                  "block w-full rounded-[1px]",
                  run.verdict ? [heights[run.verdict], colours[run.verdict]] : "h-1 bg-control",
                )}
              />
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
