"use client";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { FindingLife } from "#common/contracts/finding.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { SubjectName } from "#components/runs/subject.tsx";
import { useTeamHref } from "#components/team/use-team.ts";
import { Table, Td, Th, Thead, Tr } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictIcon } from "#components/ui/verdict.tsx";
import { StateMark } from "./state-mark.tsx";

type Props = {
  lives: FindingLife[];
  /** null: nothing can be chosen */
  chosen: ReadonlySet<string> | null;
  onChoose: (ids: string[], chosen: boolean) => void;
};

export function FindingTable({ lives, chosen, onChoose }: Props) {
  const t = useTranslations("findings");
  const all = lives.map(({ id }) => id);
  return (
    <Table label={t("title")}>
      <Thead>
        <tr>
          {chosen ? (
            <Th className="w-7">
              <input
                type="checkbox"
                className="size-4 align-middle"
                aria-label={t("chooseAll")}
                checked={all.every((id) => chosen.has(id))}
                onChange={(event) => onChoose(all, event.target.checked)}
              />
            </Th>
          ) : null}
          <Th>{t("finding")}</Th>
          <Th>{t("cluster")}</Th>
          <Th>{t("stateHead")}</Th>
          <Th numeric>{t("since")}</Th>
          <Th numeric>{t("lastSeen")}</Th>
        </tr>
      </Thead>
      <tbody>
        {lives.map((life) => (
          <Row key={life.id} life={life} chosen={chosen?.has(life.id) ?? null} onChoose={onChoose} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({
  life,
  chosen,
  onChoose,
}: {
  life: FindingLife;
  chosen: boolean | null;
  onChoose: Props["onChoose"];
}) {
  const t = useTranslations("findings");
  const locale = useLocale() as Locale;
  const href = useTeamHref();
  return (
    <Tr className="hover:bg-hover">
      {chosen === null ? null : (
        <Td className="align-top">
          <input
            type="checkbox"
            className="mt-0.5 size-4"
            aria-label={t("choose", { name: life.subject.name })}
            checked={chosen}
            onChange={(event) => onChoose([life.id], event.target.checked)}
          />
        </Td>
      )}
      <Td className="min-w-64">
        <span className="flex items-start gap-2">
          <VerdictIcon verdict={life.verdict} size={14} labelled className="mt-0.5 shrink-0" />
          <span className="min-w-0">
            <Link href={href(`/findings/${life.id}`)} className="hover:text-accent hover:underline">
              <SubjectName subject={life.subject} />
            </Link>
            <span className="line-clamp-2 max-w-[70ch] text-soft">{inLocale(life.message, locale)}</span>
          </span>
        </span>
      </Td>
      <Td className="align-top whitespace-nowrap text-soft">{life.cluster.name}</Td>
      <Td className="align-top">
        <StateMark life={life} />
      </Td>
      <Td numeric className="align-top whitespace-nowrap text-soft">
        <Time at={life.resolvedAt ?? life.openedAt} />
      </Td>
      <Td numeric className="align-top whitespace-nowrap text-soft">
        <Time at={life.lastSeenAt} />
      </Td>
    </Tr>
  );
}
