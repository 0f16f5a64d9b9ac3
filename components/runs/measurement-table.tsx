"use client";

import { useLocale, useTranslations } from "next-intl";
import { number } from "#common/format.ts";
import type { Measurement } from "#common/result.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";

/** What a result measured, each value with its unit. */
export default function MeasurementTable({ measurements }: { measurements: Measurement[] }) {
  const t = useTranslations("runs");
  const locale = useLocale();
  return (
    <Table label={t("measured", { count: measurements.length })}>
      <Thead>
        <tr>
          <Th>{t("measurement.name")}</Th>
          <Th>{t("measurement.subject")}</Th>
          <Th numeric>{t("measurement.value")}</Th>
        </tr>
      </Thead>
      <tbody>
        {measurements.map((one) => (
          <Tr key={`${one.name} ${one.subject}`}>
            <Td className="font-mono text-[0.75rem]">{one.name}</Td>
            <Td className="font-mono text-[0.75rem]">{one.subject ?? ""}</Td>
            <Td numeric>
              {number(one.value, locale, 3)}
              {one.unit === "1" ? "" : ` ${one.unit.replace(/[{}]/g, "")}`}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
