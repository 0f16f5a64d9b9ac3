"use client";

import { useLocale, useTranslations } from "next-intl";
import {
  asDfShows,
  asLsblkShows,
  asWindowsShows,
  type Capacity,
  capacity,
  capacityUnits,
} from "#common/tools/disk-capacity.ts";
import { choicePart, numberPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Slider } from "../ui/slider.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { CapacityField, largestValue } from "./parts/capacity-field.tsx";
import { sizeWords } from "./parts/sizes.ts";
import { within } from "./parts/within.ts";

const state = {
  value: numberPart(500),
  unit: choicePart(capacityUnits, "GB"),
};
const keys = { value: "disk-capacity.value", unit: "disk-capacity.unit" };

export default function DiskCapacityTool() {
  const t = useTranslations("tool-disk-capacity");
  const locale = useLocale();
  const [chosen, choose] = useUrlState(state, { keys });
  const value = within(chosen.value, 1, largestValue);
  const { unit } = chosen;
  const size = capacity(value, unit);
  const label = `${new Intl.NumberFormat(locale).format(value)} ${unit}`;
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(size.shortfallPercent);
  const result = t("result", { label, bytes: size.bytes, binary: sizeWords(size.binary, locale), percent });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-2">
        <CapacityField
          label={t("value")}
          unitLabel={t("unit")}
          value={value}
          unit={unit}
          onChange={(next) => choose(next)}
        />
        <Slider
          label={t("value")}
          min={1}
          max={1000}
          value={Math.min(value, 1000)}
          format={() => label}
          onChange={(event) => choose({ value: event.target.valueAsNumber })}
        />
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {result}
      </p>
      <Comparison size={size} label={label} result={result} />
      <Table label={t("tableLabel")}>
        <Thead>
          <tr>
            <Th>{t("tool")}</Th>
            <Th numeric>{t("counts")}</Th>
            <Th numeric>{t("shows")}</Th>
          </tr>
        </Thead>
        <tbody>
          <Shown name={<code>df -H</code>} counts={t("thousands")} shows={asDfShows(size.bytes, 1000)} />
          <Shown name={t("finder")} counts={t("thousands")} shows={sizeWords(size.decimal, locale)} />
          <Shown name={<code>df -h</code>} counts={t("powers")} shows={asDfShows(size.bytes, 1024)} />
          <Shown name={<code>lsblk</code>} counts={t("powers")} shows={asLsblkShows(size.bytes)} />
          <Shown name={t("explorer")} counts={t("powers")} shows={asWindowsShows(size.bytes)} />
        </tbody>
      </Table>
      <p className="text-faint">{t("note")}</p>
    </section>
  );
}

function Shown({ name, counts, shows }: { name: React.ReactNode; counts: string; shows: string }) {
  return (
    <Tr>
      <Td>{name}</Td>
      <Td numeric>{counts}</Td>
      <Td numeric>{shows}</Td>
    </Tr>
  );
}

const width = 720;
const left = 130;

/** The label's number as bars of the same unit: what is printed, and what a tool counting in 1024s prints. */
function Comparison({ size, label, result }: { size: Capacity; label: string; result: string }) {
  const t = useTranslations("tool-disk-capacity");
  const locale = useLocale();
  const full = width - left - 8;
  const rest = full * (1 - size.shortfallPercent / 100);
  const rows = [
    { y: 4, name: t("onLabel"), length: full, words: label },
    { y: 40, name: t("inBinary"), length: rest, words: sizeWords(size.binary, locale) },
  ];
  return (
    <div className="overflow-x-auto">
      <svg
        role="img"
        aria-label={result}
        viewBox={`0 0 ${width} 74`}
        className="block w-full min-w-[28rem] text-[12px]"
      >
        <rect
          x={left + rest}
          y={40}
          width={full - rest}
          height={28}
          fill="none"
          stroke="var(--control)"
          strokeDasharray="3 3"
        />
        {rows.map(({ y, name, length, words }) => (
          <g key={name}>
            <text x={0} y={y + 18} fill="var(--soft)">
              {name}
            </text>
            <rect x={left} y={y} width={length} height={28} fill="var(--accent)" />
            <text x={left + 10} y={y + 18} fill="var(--on-accent)">
              {words}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
