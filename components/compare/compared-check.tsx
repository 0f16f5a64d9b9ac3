"use client";

import { useLocale, useTranslations } from "next-intl";
import type { Comparison } from "#common/contracts/run.ts";
import type { Locale } from "#common/text.ts";
import { reads } from "#common/words.ts";
import { FindingItem } from "../runs/finding-item.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { Section } from "../ui/page-header.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { UnknownGlyph } from "../ui/verdict-glyphs.tsx";
import { FindingFold } from "./finding-fold.tsx";

type Compared = Comparison["checks"][number];

/** One check in both runs. New and changed are open; what stayed the same is folded. */
export function ComparedCheck({
  team,
  check,
  title,
  before,
  after,
}: {
  team: string;
  check: Compared;
  title: string;
  before: string;
  after: string;
}) {
  const t = useTranslations("compare");
  const { counts } = check;
  return (
    <Section
      title={title}
      aside={
        <span className="flex items-center gap-2">
          {check.before ? <VerdictBadge verdict={check.before} /> : <span>{t("notRun")}</span>}
          <span aria-hidden>→</span>
          {check.after ? <VerdictBadge verdict={check.after} /> : <span>{t("notRun")}</span>}
        </span>
      }
    >
      {check.incomparable ? (
        <p className="mb-2 flex gap-1.5 text-unknown">
          <UnknownGlyph size={14} className="mt-[3px] shrink-0" />
          {t(`incomparable.${check.incomparable}`)}
        </p>
      ) : null}
      {counts.new + counts.fixed + counts.changed === 0 && !check.incomparable ? (
        <p className="text-soft">{t("nothingChanged", { count: counts.same })}</p>
      ) : null}
      <FindingFold
        team={team}
        runId={after}
        label={t("new", { count: counts.new })}
        findings={check.new}
        open
      />
      <Changed team={team} check={check} runId={after} />
      <FindingFold
        team={team}
        runId={before}
        label={t("fixed", { count: counts.fixed })}
        findings={check.fixed}
        open
      />
      <FindingFold
        team={team}
        runId={after}
        label={t("same", { count: counts.same })}
        findings={check.same}
      />
    </Section>
  );
}

function Changed({ team, check, runId }: { team: string; check: Compared; runId: string }) {
  const locale = useLocale() as Locale;
  const t = useTranslations("compare");
  if (check.changed.length === 0) return null;
  return (
    <Disclosure summary={t("changed", { count: check.counts.changed })} open className="mt-2">
      <div className="divide-y divide-line">
        {check.changed.map(({ before, after }) => (
          <div key={after.id}>
            <FindingItem finding={after} href={`/${team}/runs/${runId}/findings/${after.id}`} />
            {before.observed && before.observed !== after.observed ? (
              <p className="pb-3 pl-6 text-faint">
                {t("was")}{" "}
                <span className="font-mono text-[0.75rem]">{reads(before, "observed", locale)}</span>
              </p>
            ) : null}
          </div>
        ))}
      </div>
    </Disclosure>
  );
}
