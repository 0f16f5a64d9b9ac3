"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { useRunbookSession } from "./session.tsx";

/** When, where and by whom the runbook was tried last. */
export default function LastProven() {
  const { runbook, team } = useRunbookSession();
  const t = useTranslations("runbook");
  const last = runbook.lastProven;
  return (
    <section>
      <h2 className="mb-1 font-medium">{t("lastProven")}</h2>
      {last ? (
        <Link
          href={`/${team}/runs/${last.runId}?cluster=${last.cluster.slug}`}
          className="block hover:text-accent"
        >
          <VerdictBadge verdict={last.verdict} />
          <span className="block text-soft">
            {last.cluster.name} · <Time at={last.at} /> · {last.by}
          </span>
        </Link>
      ) : (
        <p className="text-soft">{t("neverProven")}</p>
      )}
    </section>
  );
}
