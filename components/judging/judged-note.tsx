"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "../ui/time.tsx";

type Facts = { runId: string; resultId?: string; observedAt: Date | null; many?: boolean };

/** Says, on what was judged again, that nothing was read for it, and leads to what was. */
export default function JudgedNote({ team, runId, facts }: { team: string; runId: string; facts: Facts }) {
  const t = useTranslations("judge");
  const original = `/${team}/runs/${facts.runId}${facts.resultId ? `/results/${facts.resultId}` : ""}`;
  const link = "text-accent hover:underline";
  return (
    <p className="mb-4 flex flex-wrap gap-x-4 gap-y-1 border-l-2 border-accent bg-accent-wash px-3 py-1.5">
      <span>
        {facts.observedAt
          ? t.rich("noteAt", { when: () => <Time at={facts.observedAt ?? new Date()} /> })
          : t("note")}
      </span>
      <Link href={original} className={link}>
        {t("original")}
      </Link>
      {facts.many ? null : (
        <Link href={`/${team}/compare/${runId}?with=${facts.runId}`} className={link}>
          {t("compare")}
        </Link>
      )}
    </p>
  );
}
