"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { CheckTrend as Trend } from "#common/contracts/trend.ts";
import { exactTime } from "#common/format.ts";
import type { Verdict } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";

const step = 7;
const height = 18;
const heights: Record<Verdict, number> = { skip: 3, pass: 8, warn: 12, unknown: 15, fail: 18 };
const fills: Record<Verdict, string> = {
  skip: "fill-skip",
  pass: "fill-pass",
  warn: "fill-warn",
  unknown: "fill-unknown",
  fail: "fill-fail",
};

/** What the check said in its last runs here, oldest left; taller is worse, and in words for who does not see it. */
export function CheckTrend({ team, cluster, check }: { team: string; cluster: string; check: string }) {
  const { data } = useQuery(trpc.check.trend.queryOptions({ team, cluster, check }));
  return data && data.length > 1 ? <Strip trend={data.toReversed()} /> : null;
}

function Strip({ trend }: { trend: Trend }) {
  const t = useTranslations("runbook");
  const tVerdict = useTranslations("verdict");
  const locale = useLocale();
  const words = trend.map(({ verdict }) => tVerdict(verdict)).join(", ");
  return (
    <svg
      role="img"
      aria-label={t("trend", { count: trend.length, verdicts: words })}
      width={trend.length * step}
      height={height}
      className="shrink-0"
    >
      {trend.map(({ runId, verdict, at }, index) => (
        <rect
          key={runId}
          x={index * step}
          y={height - heights[verdict]}
          width={step - 2}
          height={heights[verdict]}
          className={fills[verdict]}
        >
          <title>{`${tVerdict(verdict)}, ${exactTime(at, locale)}`}</title>
        </rect>
      ))}
    </svg>
  );
}
