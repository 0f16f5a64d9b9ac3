"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Series, SeriesList } from "#common/contracts/measurement.ts";
import { exactTime } from "#common/format.ts";
import { trpc } from "../api/trpc.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { TrendChart } from "./trend-chart.tsx";
import { valueWords } from "./value-words.ts";

const dayMs = 86_400_000;
const ranges = [1, 7, 30, 90] as const;

type Place = { team: string; cluster: string; checkId: string; target: string };
type Named = SeriesList[number];

const keyOf = ({ name, subject, unit }: Named) => JSON.stringify([name, subject, unit]);
const titleOf = ({ name, subject }: Named) => (subject === null ? name : `${name} · ${subject}`);

/** What a check has measured, of one target at a time. */
export default function TrendPanel({ targets, ...place }: Omit<Place, "target"> & { targets: string[] }) {
  const t = useTranslations("trend");
  const [target, choose] = useState(targets[0]);
  const id = useId();
  if (target === undefined) return <p className="text-soft">{t("nothingMeasured")}</p>;
  return (
    <>
      {targets.length > 1 ? (
        <div className="mb-2 w-56">
          <label htmlFor={id} className="mb-1 block text-faint">
            {t("target")}
          </label>
          <Select id={id} value={target} onChange={(event) => choose(event.target.value)}>
            {targets.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </div>
      ) : null}
      <TargetTrend key={target} {...place} target={target} />
    </>
  );
}

/** One number of the target, over a range of days. */
function TargetTrend(place: Place) {
  const t = useTranslations("trend");
  const { data: all, isError } = useQuery(trpc.measurement.list.queryOptions(place));
  const [chosen, choose] = useState<string>();
  const [days, setDays] = useState<(typeof ranges)[number]>(30);
  const ids = { series: useId(), days: useId() };
  if (isError) return <p className="text-unknown">{t("failed")}</p>;
  if (!all) return <Skeleton className="h-48 w-full" />;
  const series = all.find((each) => keyOf(each) === chosen) ?? all[0];
  if (!series) return <p className="text-soft">{t("nothingMeasured")}</p>;
  return (
    <div>
      <div className="mb-2 flex flex-wrap gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <label htmlFor={ids.series} className="mb-1 block text-faint">
            {t("series")}
          </label>
          <Select id={ids.series} value={keyOf(series)} onChange={(event) => choose(event.target.value)}>
            {all.map((each) => (
              <option key={keyOf(each)} value={keyOf(each)}>
                {titleOf(each)}
              </option>
            ))}
          </Select>
        </div>
        <div className="w-32">
          <label htmlFor={ids.days} className="mb-1 block text-faint">
            {t("range")}
          </label>
          <Select
            id={ids.days}
            value={days}
            onChange={(event) => setDays(ranges.find((range) => String(range) === event.target.value) ?? 30)}
          >
            {ranges.map((range) => (
              <option key={range} value={range}>
                {t("days", { count: range })}
              </option>
            ))}
          </Select>
        </div>
      </div>
      <Trend place={place} series={series} days={days} />
    </div>
  );
}

function Trend({ place, series, days }: { place: Place; series: Named; days: number }) {
  const t = useTranslations("trend");
  const locale = useLocale();
  const { name, subject, unit } = series;
  // To the hour, so that opening it twice asks once.
  const [from] = useState(() => Math.ceil(Date.now() / 3_600_000) * 3_600_000);
  const { data, isError } = useQuery({
    ...trpc.measurement.series.queryOptions({
      ...{ ...place, name, subject, unit },
      ...{ from: new Date(from - days * dayMs), to: new Date(from) },
    }),
    placeholderData: (before: Series | undefined) => before,
  });
  if (isError) return <p className="text-unknown">{t("failed")}</p>;
  if (!data) return <Skeleton className="h-48 w-full" />;
  if (data.points.length === 0) return <p className="text-soft">{t("nothingInRange")}</p>;
  return (
    <figure>
      <figcaption className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-mono text-[0.75rem] break-all">{titleOf(series)}</span>
        {data.last ? (
          <span className="text-soft">{t("last", { value: valueWords(data.last.value, unit, locale) })}</span>
        ) : null}
      </figcaption>
      <TrendChart series={data} title={titleOf(series)} unit={unit} key={keyOf(series)} />
      {data.gaps.length > 0 ? (
        <p className="mt-1 text-unknown">
          {t("gaps", { count: data.gaps.reduce((sum, { count }) => sum + count, 0) })}
        </p>
      ) : null}
      <Values series={data} unit={unit} label={titleOf(series)} />
    </figure>
  );
}

function Values({ series, unit, label }: { series: Series; unit: string; label: string }) {
  const t = useTranslations("trend");
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  return (
    <Disclosure summary={t("asTable")} className="mt-1" onToggle={setOpen}>
      {open ? (
        <div className="max-h-72 overflow-y-auto">
          <Table label={label}>
            <Thead>
              <tr>
                <Th>{t("time")}</Th>
                <Th numeric>{t("least")}</Th>
                <Th numeric>{t("mean")}</Th>
                <Th numeric>{t("greatest")}</Th>
                <Th numeric>{t("values")}</Th>
              </tr>
            </Thead>
            <tbody>
              {series.points.toReversed().map((point) => (
                <Tr key={point.at.getTime()}>
                  <Td suppressHydrationWarning>{exactTime(point.at, locale)}</Td>
                  <Td numeric>{valueWords(point.min, unit, locale)}</Td>
                  <Td numeric>{valueWords(point.avg, unit, locale)}</Td>
                  <Td numeric>{valueWords(point.max, unit, locale)}</Td>
                  <Td numeric>{point.count}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
    </Disclosure>
  );
}
