"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { Across, AcrossInput } from "#common/contracts/across.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { runQuery } from "../runs/run-query.ts";
import { useRunTitle } from "../runs/use-run-title.ts";
import { Badge } from "../ui/badge.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { AcrossCheckView } from "./across-check.tsx";
import { CompareChoice } from "./compare-choice.tsx";

/** Two clusters or two hosts side by side: what only one has, what both have otherwise, and what cannot be matched. */
export default function AcrossPage({ team, input }: { team: string; input: AcrossInput }) {
  const t = useTranslations("across");
  const locale = useLocale() as Locale;
  const titleOf = useRunTitle(team);
  const { data } = useSuspenseQuery(trpc.across.compare.queryOptions({ team, ...input }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const titles = new Map(checks.map((check) => [check.id, inLocale(check.title, locale)]));
  const [a, b] = [input.targetA ?? data.a.cluster.name, input.targetB ?? data.b.cluster.name];
  return (
    <>
      <PageHeader
        title={t("title", { a, b })}
        eyebrow={
          <Link href={`/${team}/runs/${data.a.run.id}${runQuery(data.a.run)}`} className="hover:text-accent">
            ← {titleOf(data.a.run)}
          </Link>
        }
      >
        <span className="block">{input.targetA ? t("kindHosts") : t("kindClusters")}</span>
        <span className="block">{sentence(data, { a, b }, t)}</span>
      </PageHeader>
      <CompareChoice team={team} run={data.a.run} value={addressOf(team, input)} />
      <div className="mb-6 grid gap-4 sm:grid-cols-2">
        <SideHead team={team} side={data.a} label="A" target={input.targetA} />
        <SideHead team={team} side={data.b} label="B" target={input.targetB} />
      </div>
      {data.checks.length === 0 ? (
        <p className="border-y border-line py-6 text-soft">{t("nothing")}</p>
      ) : null}
      <div className="space-y-8">
        {data.checks.map((check) => (
          <AcrossCheckView
            key={`${check.checkId} ${check.a?.resultId} ${check.b?.resultId}`}
            team={team}
            check={check}
            title={titles.get(check.checkId) ?? check.checkId}
            sides={{ a: { name: a, runId: data.a.run.id }, b: { name: b, runId: data.b.run.id } }}
          />
        ))}
      </div>
      {data.left > 0 ? <p className="mt-8 text-unknown">{t("left", { count: data.left })}</p> : null}
    </>
  );
}

function addressOf(team: string, { runId, ...rest }: AcrossInput): string {
  const named = Object.entries(rest).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return `/${team}/compare/${runId}?${new URLSearchParams(named)}`;
}

function sentence(
  { checks }: Across,
  names: { a: string; b: string },
  t: ReturnType<typeof useTranslations<"across">>,
): string {
  const total = (part: "onlyA" | "onlyB" | "differing" | "same") =>
    checks.reduce((sum, check) => sum + check.counts[part], 0);
  return t("sentence", {
    ...names,
    onlyA: total("onlyA"),
    onlyB: total("onlyB"),
    differing: total("differing"),
    same: total("same"),
    incomparable: checks.filter((check) => check.incomparable !== null).length,
  });
}

function SideHead({
  team,
  side,
  label,
  target,
}: {
  team: string;
  side: Across["a"];
  label: string;
  target?: string;
}) {
  const t = useTranslations("runs");
  const { run, cluster } = side;
  return (
    <div className="border-l-2 border-line pl-3">
      <p className="flex flex-wrap items-center gap-2 text-faint">
        {label}
        {cluster.production ? <Badge outline="strong">{t("production")}</Badge> : null}
      </p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-3">
        {run.verdict ? <VerdictBadge verdict={run.verdict} /> : null}
        <Link
          href={`/${team}/runs/${run.id}?cluster=${cluster.slug}`}
          className="hover:text-accent hover:underline"
        >
          {target ? `${target}, ` : null}
          {cluster.name} · <Time at={run.createdAt} /> · {run.requestedBy}
        </Link>
      </p>
    </div>
  );
}
