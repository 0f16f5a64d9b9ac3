"use client";

import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { Judgements } from "#common/contracts/run.ts";
import { exactTime } from "#common/format.ts";
import type { Verdict } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";
import { VerdictBar } from "../ui/verdict-bar.tsx";

const whileJudgingMs = 1_000;

/** What past results had said above, what they say judged again below, oldest left; a sentence counts what turned. */
export default function JudgedStrip({ team, runId }: { team: string; runId: string }) {
  const t = useTranslations("judge");
  const { data } = useQuery({
    ...trpc.run.judgements.queryOptions({ team, runId }),
    refetchInterval: ({ state }) =>
      state.data?.some(({ after }) => after === null) ? whileJudgingMs : false,
  });
  if (!data || data.length < 2) return null;
  const turned = data.filter(({ before, after }) => after !== null && before !== after).length;
  return (
    <section aria-label={t("strip")} className="mb-5">
      <p className="mb-1.5 text-soft">{t("turned", { count: turned, of: data.length })}</p>
      <div className="flex items-end gap-3 overflow-x-auto">
        <div className="flex flex-col gap-1 text-faint">
          <span className="h-5 leading-5">{t("then")}</span>
          <span className="h-5 leading-5">{t("now")}</span>
        </div>
        <ol className="flex gap-[3px] pt-0.5">
          {data.map((each) => (
            <Judged key={each.resultId} team={team} runId={runId} judged={each} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function Judged({ team, runId, judged }: { team: string; runId: string; judged: Judgements[number] }) {
  const t = useTranslations("judge");
  const tVerdict = useTranslations("verdict");
  const locale = useLocale();
  const { before, after, observedAt, resultId } = judged;
  const word = (verdict: Verdict | null) => (verdict ? tVerdict(verdict) : t("waiting"));
  const time = observedAt ? exactTime(observedAt, locale) : judged.name;
  const words = t("pair", { time, before: word(before), after: word(after) });
  return (
    <li className={clsx("rounded-[2px] px-[2px]", before !== after && after !== null && "bg-hover")}>
      <Link
        href={`/${team}/runs/${runId}/results/${resultId}`}
        title={words}
        aria-label={words}
        suppressHydrationWarning
        className="flex flex-col gap-1"
      >
        <Bar verdict={before} />
        <Bar verdict={after} />
      </Link>
    </li>
  );
}

function Bar({ verdict }: { verdict: Verdict | null }) {
  return (
    <span className="flex h-5 w-2 items-end">
      <VerdictBar verdict={verdict} />
    </span>
  );
}
