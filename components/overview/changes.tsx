"use client";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { Overview } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict.tsx";

type Change = Overview["changes"][number];

/** One sentence for each verdict that is not what it was a day ago. */
export function Changes({ changes }: { changes: Change[] }) {
  const t = useTranslations("overview");
  if (changes.length === 0) return <p className="text-soft">{t("changesNone")}</p>;
  return (
    <ul className="-mt-1 divide-y divide-line">
      {changes.map((change) => (
        <li
          key={`${change.runId} ${change.cluster.slug} ${change.checkId} ${change.from} ${change.to}`}
          className="py-2"
        >
          <Sentence change={change} />
          <p className="text-faint">
            <Time at={change.at} /> {t("changesBy", { name: change.by })}
            {change.targets > 1 ? ` · ${t("changesTargets", { count: change.targets })}` : null}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Sentence({ change }: { change: Change }) {
  const t = useTranslations("overview");
  const locale = useLocale() as Locale;
  const team = useTeam();
  const { from, to, cluster } = change;
  const parts = {
    cluster: cluster.name,
    check: () => (
      <Link
        href={`/${team}/runs/${change.runId}?cluster=${cluster.slug}`}
        className="font-medium hover:text-accent hover:underline"
      >
        {inLocale(change.checkTitle, locale)}
      </Link>
    ),
    to: () => <VerdictBadge verdict={to} className="align-[-2px]" />,
  };
  if (from === null) return <p>{t.rich("changeFirst", parts)}</p>;
  return (
    <p>
      {t.rich("changeFromTo", {
        ...parts,
        from: () => <VerdictBadge verdict={from} className="align-[-2px]" />,
      })}
    </p>
  );
}
