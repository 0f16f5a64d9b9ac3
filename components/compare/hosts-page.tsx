"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { HostMatrix } from "#common/contracts/across.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";

type Row = HostMatrix["rows"][number];

/** Checks × hosts of one run, of which only the hosts are shown that do not say what most say. */
export default function HostsPage({ team, runId }: { team: string; runId: string }) {
  const t = useTranslations("across");
  const locale = useLocale() as Locale;
  const { data } = useSuspenseQuery(trpc.across.hosts.queryOptions({ team, runId }));
  const { data: checks } = useSuspenseQuery(trpc.check.list.queryOptions({ team }));
  const titles = new Map(checks.map((check) => [check.id, inLocale(check.title, locale)]));
  const { differing } = data;
  const left = differing - data.rows.length;
  return (
    <>
      <PageHeader
        title={t("hostsTitle")}
        eyebrow={
          <Link href={`/${team}/runs/${runId}`} className="hover:text-accent">
            ← {t("backToRun")}
          </Link>
        }
      >
        {t("hostsLead", { hosts: data.hosts, differing })}
      </PageHeader>
      {data.checks.length === 0 ? (
        <p className="border-y border-line py-6 text-soft">{t("noHosts")}</p>
      ) : (
        <Table label={t("hostsTitle")}>
          <Thead>
            <tr>
              <Th>{t("host")}</Th>
              {data.checks.map(({ checkId }) => (
                <Th key={checkId} className="min-w-32 whitespace-normal">
                  {titles.get(checkId) ?? checkId}
                </Th>
              ))}
            </tr>
          </Thead>
          <tbody>
            <Tr className="bg-sunken">
              <Td className="font-medium">{t("most")}</Td>
              {data.checks.map(({ checkId, majority, hosts }) => (
                <Td key={checkId}>
                  <VerdictBadge verdict={majority.verdict} />{" "}
                  <span className="tabular text-faint">{t("ofHosts", { count: majority.hosts, hosts })}</span>
                </Td>
              ))}
            </Tr>
            {data.rows.map((row) => (
              <Tr key={`${row.cluster} ${row.target}`}>
                <Td>
                  <span className="font-mono text-[0.75rem]">{row.name}</span>{" "}
                  <span className="text-faint">{row.cluster}</span>
                </Td>
                {data.checks.map(({ checkId }) => (
                  <Cell key={checkId} team={team} runId={runId} row={row} checkId={checkId} />
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {left > 0 ? <p className="mt-3 text-unknown">{t("hostsLeft", { count: left })}</p> : null}
      {data.checks.length > 0 && differing === 0 ? <p className="mt-3 text-soft">{t("allAlike")}</p> : null}
    </>
  );
}

function Cell({ team, runId, row, checkId }: { team: string; runId: string; row: Row; checkId: string }) {
  const t = useTranslations("across");
  const cell = row.cells.find((each) => each.checkId === checkId);
  if (!cell) return <Td className="text-faint">{t("notAsked")}</Td>;
  if (cell.differs === null) return <Td className="text-faint">{t("asMost")}</Td>;
  return (
    <Td>
      <Link
        href={`/${team}/runs/${runId}/results/${cell.resultId}`}
        className="inline-flex flex-wrap items-center gap-x-1.5 hover:underline"
      >
        <VerdictBadge verdict={cell.verdict} />
        {cell.differs === "findings" ? <span className="text-soft">{t("otherFindings")}</span> : null}
      </Link>
    </Td>
  );
}
