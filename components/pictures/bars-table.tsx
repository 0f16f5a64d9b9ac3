"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";
import type { BarsPicture } from "#common/picture.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { wordsIn } from "./picture-words.ts";

/** The bars in words: where each begins and ends, and what is behind it. */
export function BarsTable({ picture }: { picture: BarsPicture }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const format = useFormatter();
  const at = (value: number) => `${format.number(value, { maximumFractionDigits: 1 })} ${picture.unit}`;
  return (
    <Table label={inLocale(picture.title, locale)}>
      <Thead>
        <tr>
          <Th>{t("picture.bar")}</Th>
          <Th>{t("picture.from")}</Th>
          <Th>{t("picture.to")}</Th>
          <Th>{t("picture.detail")}</Th>
          <Th>{t("picture.verdict")}</Th>
        </tr>
      </Thead>
      <tbody>
        {picture.bars.map((bar) => (
          <Tr key={bar.id}>
            <Td>{wordsIn(bar.label, locale)}</Td>
            <Td className="tabular-nums">{at(bar.from)}</Td>
            <Td className="tabular-nums">{at(bar.to)}</Td>
            <Td className="text-soft tabular-nums">{wordsIn(bar.detail, locale)}</Td>
            <Td>{bar.verdict ? <VerdictBadge verdict={bar.verdict} /> : null}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
