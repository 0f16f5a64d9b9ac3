"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { PastResult } from "#common/contracts/history.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { RunClusters } from "../runs/run-clusters.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { CheckCounts } from "./history-table.tsx";
import { type ListProps, ListStates } from "./list-states.tsx";
import { perPage } from "./use-history-filter.ts";

/** Results across runs: what one check said through time. */
export default function ResultList({ team, filter, ...rest }: ListProps) {
  const t = useTranslations("history");
  const query = useInfiniteQuery(
    trpc.run.pastResults.infiniteQueryOptions(
      { team, filter, limit: perPage },
      { getNextPageParam: (page) => page.next },
    ),
  );
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  const locale = useLocale() as Locale;
  const titles = new Map((checks ?? []).map(({ id, title }) => [id, inLocale(title, locale)]));
  const results = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <ListStates {...rest} what="results" query={query} count={results.length}>
      <Table label={t("results")}>
        <Thead>
          <tr>
            <Th className="w-28">{t("verdict")}</Th>
            <Th>{t("check")}</Th>
            <Th>{t("cluster")}</Th>
            <Th>{t("target")}</Th>
            <Th>{t("findings")}</Th>
            <Th>{t("person")}</Th>
            <Th numeric>{t("when")}</Th>
          </tr>
        </Thead>
        <tbody>
          {results.map((result) => (
            <Row key={result.id} team={team} result={result} title={titles.get(result.checkId)} />
          ))}
        </tbody>
      </Table>
    </ListStates>
  );
}

function Row({ team, result, title }: { team: string; result: PastResult; title: string | undefined }) {
  const t = useTranslations("history");
  const { runId, id, cluster } = result;
  return (
    <Tr className="relative hover:bg-hover">
      <Td>
        {result.verdict ? (
          <VerdictBadge verdict={result.verdict} />
        ) : (
          <span className="text-soft">{t("underWay")}</span>
        )}
      </Td>
      <Td className="min-w-56">
        <Link
          href={`/${team}/runs/${runId}/results/${id}?cluster=${cluster.slug}`}
          className="font-medium after:absolute after:inset-0 hover:text-accent"
        >
          {title ?? result.checkId}
        </Link>
      </Td>
      <Td>
        <RunClusters clusters={[cluster]} />
      </Td>
      <Td className="text-soft">{result.targetName}</Td>
      <Td>
        <CheckCounts counts={result.counts} />
      </Td>
      <Td className="whitespace-nowrap text-soft">{result.requestedBy}</Td>
      <Td numeric className="whitespace-nowrap text-soft">
        <Time at={result.at} />
      </Td>
    </Tr>
  );
}
