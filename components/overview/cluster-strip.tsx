"use client";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { Overview } from "#common/contracts/runbook.ts";
import { useTeam } from "#components/team/use-team.ts";
import { VerdictBar } from "#components/ui/verdict-bar.tsx";

/** What the last runs on a cluster came to, a bar each, oldest left; leads to those runs. */
export function ClusterStrip({ cluster }: { cluster: Overview["clusters"][number] }) {
  const t = useTranslations("overview");
  const words = useTranslations("verdict");
  const locale = useLocale();
  const team = useTeam();
  const { name, slug, strip } = cluster;
  const said = new Intl.ListFormat(locale, { type: "unit" }).format(strip.map((verdict) => words(verdict)));
  const label = t("strip", { cluster: name, count: strip.length, verdicts: said });
  if (strip.length === 0) return <span className="block h-6" />;
  return (
    <Link
      href={`/${team}/history?on=${slug}`}
      title={label}
      aria-label={label}
      className="flex h-6 w-fit min-w-6 items-end gap-[2px] rounded-[2px] pb-1 hover:bg-hover"
    >
      {strip.map((verdict, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a run has no other name here than its place
        <span key={index} className="flex h-4 w-1 items-end">
          <VerdictBar verdict={verdict} />
        </span>
      ))}
    </Link>
  );
}
