"use client";

import { useTranslations } from "next-intl";
import type { RunSummary } from "#common/contracts/run.ts";
import { Badge } from "../ui/badge.tsx";

const mostNamed = 3;

/** The clusters a run covers, by name; of many the first few and how many more. */
export function RunClusters({ clusters }: Pick<RunSummary, "clusters">) {
  const t = useTranslations("runs");
  const more = clusters.slice(mostNamed);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      {clusters.slice(0, mostNamed).map((cluster) => (
        <span key={cluster.slug} className="inline-flex items-center gap-1 whitespace-nowrap">
          {cluster.name}
          {cluster.practice ? <Badge outline="dashed">{t("practice")}</Badge> : null}
          {cluster.production ? <Badge outline="strong">{t("production")}</Badge> : null}
        </span>
      ))}
      {more.length > 0 ? (
        <span className="text-faint" title={more.map(({ name }) => name).join(", ")}>
          {t("moreClusters", { count: more.length })}
        </span>
      ) : null}
    </span>
  );
}
