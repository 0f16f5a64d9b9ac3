"use client";

import { useLocale, useTranslations } from "next-intl";
import { capacity, capacityUnits } from "#common/tools/disk-capacity.ts";
import {
  layout,
  minimumDisks,
  type RaidLevel,
  type RaidSummary,
  raidLevels,
  raidSummary,
  survives,
} from "#common/tools/raid.ts";
import { choicePart, integerPart, integersPart, numberPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Slider } from "../ui/slider.tsx";
import { CapacityField, largestValue } from "./parts/capacity-field.tsx";
import { RaidDisk } from "./parts/raid-disk.tsx";
import { RaidTable } from "./parts/raid-table.tsx";
import { sizeWords } from "./parts/sizes.ts";
import { within } from "./parts/within.ts";

const mostDisks = 12;
const state = {
  level: choicePart(raidLevels, "5"),
  disks: integerPart(4),
  value: numberPart(500),
  unit: choicePart(capacityUnits, "GB"),
  failed: integersPart,
};
const keys = {
  level: "raid.level",
  disks: "raid.disks",
  value: "raid.size",
  unit: "raid.unit",
  failed: "raid.failed",
};

export default function RaidTool() {
  const t = useTranslations("tool-raid");
  const [chosen, choose] = useUrlState(state, { keys });
  const { level, unit } = chosen;
  const disks = within(chosen.disks, 2, mostDisks);
  const value = within(chosen.value, 1, largestValue);
  const diskBytes = capacity(value, unit).bytes;
  const failed = new Set(chosen.failed.filter((disk) => disk >= 1 && disk <= disks).map((disk) => disk - 1));
  const summary = raidSummary(level, disks, diskBytes);
  const toggle = (disk: number) => {
    const next = new Set(failed);
    if (!next.delete(disk)) next.add(disk);
    choose({ failed: [...next].sort((a, b) => a - b).map((one) => one + 1) });
  };
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-3">
        <Field label={t("level")}>
          {(control) => (
            <Select
              {...control}
              value={level}
              onChange={(event) => {
                const next = raidLevels.find((one) => one === event.target.value);
                if (next) choose({ level: next });
              }}
            >
              {raidLevels.map((one) => (
                <option key={one} value={one}>
                  {t("levelName", { level: one })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Slider
          label={t("disks")}
          min={2}
          max={mostDisks}
          value={disks}
          onChange={(event) => choose({ disks: event.target.valueAsNumber })}
        />
        <CapacityField
          label={t("size")}
          unitLabel={t("unit")}
          value={value}
          unit={unit}
          onChange={(next) => choose(next)}
        />
      </div>
      <div aria-live="polite">
        {summary ? (
          <Result level={level} disks={disks} size={`${value} ${unit}`} summary={summary} />
        ) : (
          <p className="text-lead text-ink">
            {disks < minimumDisks[level] ? t("tooFew", { level, minimum: minimumDisks[level] }) : t("odd")}
          </p>
        )}
        {summary ? (
          <p className={survives(level, disks, failed) ? "mt-1 text-soft" : "mt-1 font-medium text-fail"}>
            {t(survives(level, disks, failed) ? "alive" : "lost", { count: failed.size })}
          </p>
        ) : null}
      </div>
      {summary ? <Disks level={level} disks={disks} failed={failed} onToggle={toggle} /> : null}
      <Disclosure summary={t("asTable")}>
        <RaidTable disks={disks} diskBytes={diskBytes} />
      </Disclosure>
    </section>
  );
}

function Result({
  level,
  disks,
  size,
  summary,
}: {
  level: RaidLevel;
  disks: number;
  size: string;
  summary: RaidSummary;
}) {
  const t = useTranslations("tool-raid");
  const locale = useLocale();
  const usable = capacity(summary.usableBytes / 1e9, "GB");
  const words = t("result", {
    level,
    disks,
    size,
    usable: sizeWords(usable.decimal, locale),
    binary: sizeWords(usable.binary, locale),
    percent: Math.round((summary.usableBytes / summary.rawBytes) * 100),
    guaranteed: summary.survivesAny,
    best: summary.survivesAtBest === summary.survivesAny ? "same" : String(summary.survivesAtBest),
  });
  return <p className="text-lead text-ink">{words}</p>;
}

function Disks({
  level,
  disks,
  failed,
  onToggle,
}: {
  level: RaidLevel;
  disks: number;
  failed: ReadonlySet<number>;
  onToggle: (disk: number) => void;
}) {
  const t = useTranslations("tool-raid");
  const rows = layout(level, disks, 4);
  return (
    <div className="flex flex-wrap gap-2">
      {Array.from({ length: disks }, (_, disk) => {
        const isFailed = failed.has(disk);
        return (
          <button
            key={`disk-${String(disk)}`}
            type="button"
            aria-pressed={isFailed}
            aria-label={t("fail", { number: disk + 1 })}
            onClick={() => onToggle(disk)}
            className="rounded-control p-1.5 hover:bg-hover"
          >
            <RaidDisk cells={rows.flatMap((row) => row[disk] ?? [])} isFailed={isFailed} />
            <span className={isFailed ? "text-fail" : "text-faint"}>
              {isFailed ? t("failedMark") : disk + 1}
            </span>
          </button>
        );
      })}
    </div>
  );
}
