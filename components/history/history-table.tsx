"use client";

import clsx from "clsx";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { RunSummary } from "#common/contracts/run.ts";
import { duration, exactTime } from "#common/format.ts";
import { isLive } from "../runs/is-live.ts";
import { RunClusters } from "../runs/run-clusters.tsx";
import { runQuery } from "../runs/run-query.ts";
import { useRunTitle } from "../runs/use-run-title.ts";
import { Badge } from "../ui/badge.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge, VerdictIcon } from "../ui/verdict.tsx";

type Picking = { picked: string[]; onPick: (runId: string) => void };

export function HistoryTable({ team, runs, ...picking }: Picking & { team: string; runs: RunSummary[] }) {
  const t = useTranslations("history");
  const titleOf = useRunTitle(team);
  return (
    <Table label={t("title")}>
      <Thead>
        <tr>
          <Th className="w-8">
            <span className="sr-only">{t("pick")}</span>
          </Th>
          <Th className="w-28">{t("verdict")}</Th>
          <Th>{t("what")}</Th>
          <Th>{t("cluster")}</Th>
          <Th>{t("checks")}</Th>
          <Th>{t("person")}</Th>
          <Th numeric>{t("took")}</Th>
          <Th numeric>{t("when")}</Th>
        </tr>
      </Thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} team={team} run={run} title={titleOf(run)} {...picking} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({
  team,
  run,
  title,
  picked,
  onPick,
}: Picking & { team: string; run: RunSummary; title: string }) {
  const t = useTranslations("runs");
  const tHistory = useTranslations("history");
  const locale = useLocale();
  const isPicked = picked.includes(run.id);
  const took = run.startedAt && run.endedAt ? run.endedAt.getTime() - run.startedAt.getTime() : null;
  return (
    <Tr className={clsx("relative hover:bg-hover", isPicked && "bg-accent-wash")}>
      <Td>
        <label className="relative z-10 -my-1 flex size-7 items-center justify-center">
          <span className="sr-only">
            {tHistory("pickRun", { title, when: exactTime(run.createdAt, locale) })}
          </span>
          <input type="checkbox" className="size-4" checked={isPicked} onChange={() => onPick(run.id)} />
        </label>
      </Td>
      <Td>
        {run.verdict && !isLive(run) ? (
          <VerdictBadge verdict={run.verdict} />
        ) : (
          <span className="inline-flex items-center gap-1.5 text-soft">
            {isLive(run) ? <Spinner /> : null}
            {t(`status.${run.status}`)}
          </span>
        )}
      </Td>
      <Td className="min-w-56">
        <Link
          href={`/${team}/runs/${run.id}${runQuery(run)}`}
          className="font-medium after:absolute after:inset-0 hover:text-accent"
        >
          {title}
        </Link>
        {run.judgedFrom ? (
          <Badge outline="dashed" className="ml-2">
            {t("judgedAgain")}
          </Badge>
        ) : null}
      </Td>
      <Td>
        <RunClusters clusters={run.clusters} />
      </Td>
      <Td>
        <CheckCounts counts={run.counts} />
      </Td>
      <Td className="whitespace-nowrap text-soft">{run.requestedBy}</Td>
      <Td numeric className="whitespace-nowrap text-soft">
        {took === null ? "" : duration(took, locale)}
      </Td>
      <Td numeric className="whitespace-nowrap text-soft">
        <Time at={run.createdAt} />
      </Td>
    </Tr>
  );
}

/** How many of the run's checks came to each verdict, worst first. */
export function CheckCounts({ counts }: { counts: RunSummary["counts"] }) {
  const shown = (["fail", "unknown", "warn", "pass"] as const).filter((verdict) => counts[verdict] > 0);
  return (
    <span className="flex gap-3 whitespace-nowrap">
      {shown.map((verdict) => (
        <span key={verdict} className="inline-flex items-center gap-1">
          <VerdictIcon verdict={verdict} size={14} labelled />
          {counts[verdict]}
        </span>
      ))}
    </span>
  );
}
