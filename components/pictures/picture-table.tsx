"use client";

import { useLocale, useTranslations } from "next-intl";
import type { GraphPicture } from "#common/picture.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { VerdictBadge } from "../ui/verdict.tsx";
import { wordsIn } from "./picture-words.ts";

/** A picture in words: each box, and where its arrows lead. */
export function PictureTable({ picture }: { picture: GraphPicture }) {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const labels = new Map(picture.nodes.map((node) => [node.id, wordsIn(node.label, locale)]));
  return (
    <Table label={inLocale(picture.title, locale)}>
      <Thead>
        <tr>
          <Th>{t("picture.box")}</Th>
          <Th>{t("picture.detail")}</Th>
          <Th>{t("picture.verdict")}</Th>
          <Th>{t("picture.leadsTo")}</Th>
        </tr>
      </Thead>
      <tbody>
        {picture.nodes.map((node) => (
          <Tr key={node.id}>
            <Td>{labels.get(node.id)}</Td>
            <Td className="text-soft">{wordsIn(node.detail, locale)}</Td>
            <Td>{node.verdict ? <VerdictBadge verdict={node.verdict} /> : null}</Td>
            <Td>
              {picture.edges
                .filter(({ from }) => from === node.id)
                .map(({ to, label, detail, verdict }) => (
                  <span key={`${to} ${wordsIn(label, locale)}`} className="mr-3 inline-flex gap-1.5">
                    {labels.get(to)}
                    {label ? (
                      <span className="text-soft">
                        (
                        {[label, detail]
                          .map((words) => wordsIn(words, locale))
                          .filter(Boolean)
                          .join(": ")}
                        )
                      </span>
                    ) : null}
                    {verdict ? <VerdictBadge verdict={verdict} /> : null}
                  </span>
                ))}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
