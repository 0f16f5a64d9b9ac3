"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { RunView } from "#common/contracts/run.ts";
import { runQuery } from "./run-query.ts";

/** A result's or a finding's page leads back here. */
export function BackToRun({ team, run }: { team: string; run: Pick<RunView, "id" | "clusters"> }) {
  const t = useTranslations("runs");
  return (
    <Link href={`/${team}/runs/${run.id}${runQuery(run)}`} className="text-soft hover:text-accent">
      ← {t("backToRun")}
    </Link>
  );
}
