"use client";

import { useLocale, useTranslations } from "next-intl";
import { capacity } from "#common/tools/disk-capacity.ts";
import { minimumDisks, raidLevels, raidSummary } from "#common/tools/raid.ts";
import { Table, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { sizeWords } from "./sizes.ts";

/** Every level with the same disks. */
export function RaidTable({ disks, diskBytes }: { disks: number; diskBytes: number }) {
  const t = useTranslations("tool-raid");
  const locale = useLocale();
  return (
    <Table label={t("tableLabel")}>
      <Thead>
        <tr>
          <Th>{t("level")}</Th>
          <Th numeric>{t("minimum")}</Th>
          <Th numeric>{t("usable")}</Th>
          <Th numeric>{t("any")}</Th>
          <Th numeric>{t("best")}</Th>
        </tr>
      </Thead>
      <tbody>
        {raidLevels.map((level) => {
          const summary = raidSummary(level, disks, diskBytes);
          return (
            <Tr key={level}>
              <Td>{t("levelName", { level })}</Td>
              <Td numeric>{minimumDisks[level]}</Td>
              {summary ? (
                <>
                  <Td numeric>{sizeWords(capacity(summary.usableBytes / 1e9, "GB").decimal, locale)}</Td>
                  <Td numeric>{summary.survivesAny}</Td>
                  <Td numeric>{summary.survivesAtBest}</Td>
                </>
              ) : (
                <Td numeric colSpan={3} className="text-faint">
                  {t("impossible", { count: disks })}
                </Td>
              )}
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
