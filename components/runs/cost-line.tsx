"use client";

import { useLocale, useTranslations } from "next-intl";
import { bytes, duration } from "#common/format.ts";
import type { Cost } from "#common/result.ts";

/** "3 calls · 41 KiB · 120 ms", with the refusals for going too fast where there were any. */
export default function CostLine({ cost }: { cost: Cost }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  const parts = [
    t("calls", { count: cost.calls }),
    bytes(cost.bytes, locale),
    duration(cost.seconds * 1_000, locale),
    cost.throttled > 0 ? t("throttled", { count: cost.throttled }) : null,
  ];
  return <span className="text-faint">{parts.filter(Boolean).join(" · ")}</span>;
}
