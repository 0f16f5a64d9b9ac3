"use client";
import clsx from "clsx";
import Link from "next/link";
import { useLocale, useNow, useTranslations } from "next-intl";
import type { Overview } from "#common/contracts/runbook.ts";
import { relativeTime } from "#common/format.ts";
import { compareVerdicts, verdicts } from "#common/verdict.ts";
import { ClusterMark, clusterEdge } from "#components/clusters/cluster-mark.tsx";
import { useChosenCluster } from "#components/clusters/use-chosen-cluster.ts";
import { useTeam } from "#components/team/use-team.ts";
import { reachable } from "#components/ui/reachable.ts";
import { VerdictIcon, verdictWash } from "#components/ui/verdict.tsx";
import { ClusterStrip } from "./cluster-strip.tsx";

const worstFirst = verdicts.toSorted((a, b) => compareVerdicts(b, a));

type Cell = Overview["rows"][number]["cells"][number];
type Cluster = Overview["clusters"][number];

export function HeatGrid({ overview }: { overview: Overview }) {
  const t = useTranslations("overview");
  const team = useTeam();
  const { cluster: chosen } = useChosenCluster();
  const { rows } = overview;
  const clusters = inReadingOrder(overview, chosen?.slug);
  return (
    <section aria-label={t("grid")} {...reachable} className="relative min-w-0 overflow-x-auto">
      <table className="w-full border-separate border-spacing-[3px]">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky left-0 bg-bg pr-4 text-left align-bottom font-medium text-faint"
            >
              {t("runbook")}
            </th>
            {clusters.map((cluster) => (
              <th key={cluster.slug} scope="col" className="px-1 text-left align-bottom font-medium">
                <Link
                  href={`/${team}/clusters/${cluster.slug}?cluster=${cluster.slug}`}
                  className={clsx(
                    "block truncate hover:text-accent",
                    clusterEdge(cluster) && "pl-2",
                    clusterEdge(cluster),
                  )}
                >
                  {cluster.name}
                  <span className="block">
                    <ClusterMark cluster={cluster} />
                  </span>
                </Link>
              </th>
            ))}
          </tr>
          <tr>
            <th scope="row" className="sticky left-0 bg-bg pr-4 pb-1.5 text-left font-normal text-faint">
              {t("strips")}
            </th>
            {clusters.map((cluster) => (
              <td key={cluster.slug} className="px-1 pb-1.5">
                <ClusterStrip cluster={cluster} />
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.runbook}>
              <th scope="row" className="sticky left-0 max-w-[26rem] bg-bg pr-4 text-left font-normal">
                <Link
                  href={`/${team}/runbooks/${row.runbook}`}
                  className="block min-w-40 py-1 leading-5 hover:text-accent"
                >
                  {row.title}
                </Link>
              </th>
              {clusters.map((cluster) => {
                const cell = row.cells.find((one) => one.cluster === cluster.slug);
                return (
                  <td key={cluster.slug} className="h-8 p-0">
                    {cell ? (
                      <RunCell cell={cell} cluster={cluster} />
                    ) : (
                      <Link
                        href={`/${team}/runbooks/${row.runbook}?cluster=${cluster.slug}`}
                        title={t("notRun", { cluster: cluster.name })}
                        className="flex h-8 items-center rounded-[3px] px-2 text-faint shadow-[inset_0_0_0_1px_var(--line)] hover:bg-hover"
                      >
                        <span aria-hidden="true">·</span>
                        <span className="sr-only">{t("notRun", { cluster: cluster.name })}</span>
                      </Link>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-faint">{t("legend")}</p>
    </section>
  );
}

/** The chosen cluster first, then those that have something to say: on a phone only the first columns are seen. */
function inReadingOrder({ clusters, rows }: Overview, chosen: string | undefined): Cluster[] {
  const spoken = new Set(rows.flatMap(({ cells }) => cells.map(({ cluster }) => cluster)));
  const rank = ({ slug }: Cluster) => (slug === chosen ? 0 : spoken.has(slug) ? 1 : 2);
  return clusters.toSorted((a, b) => rank(a) - rank(b));
}

function RunCell({ cell, cluster }: { cell: Cell; cluster: Cluster }) {
  const t = useTranslations("overview");
  const words = useTranslations("verdict");
  const locale = useLocale();
  const now = useNow();
  const team = useTeam();
  const counts = worstFirst
    .filter((verdict) => cell.counts[verdict] > 0)
    .map((verdict) => t("cellCount", { count: cell.counts[verdict], verdict: words(verdict) }));
  const title = t("atLine", {
    verdict: words(cell.verdict),
    counts: new Intl.ListFormat(locale, { type: "unit" }).format(counts),
    when: relativeTime(cell.checkedAt, now, locale),
  });
  const number = cell.counts[cell.verdict];
  return (
    <Link
      href={`/${team}/runs/${cell.runId}?cluster=${cluster.slug}`}
      title={title}
      data-verdict={cell.verdict}
      className={clsx(
        "flex h-8 items-center gap-1.5 rounded-[3px] px-2 transition-shadow duration-150",
        "hover:shadow-[inset_0_0_0_1.5px_currentColor]",
        verdictWash[cell.verdict],
      )}
    >
      <VerdictIcon verdict={cell.verdict} size={15} />
      <span className="font-medium">{words(cell.verdict)}</span>
      {number > 0 ? <span className="tabular ml-auto pl-2">{number}</span> : null}
    </Link>
  );
}
