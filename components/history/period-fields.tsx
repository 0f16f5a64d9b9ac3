"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { Labelled } from "./filter-fields.tsx";
import { type HistoryChoice, spans } from "./use-history-filter.ts";

type Props = {
  value: Pick<HistoryChoice, "last" | "from" | "to">;
  onChange: (next: Partial<Pick<HistoryChoice, "last" | "from" | "to">>) => void;
};

/** A span up to now, or two days that are shown once they are asked for. */
export default function PeriodFields({ value, onChange }: Props) {
  const t = useTranslations("history");
  const [asked, setAsked] = useState(false);
  const days = value.last === null && (asked || value.from !== null || value.to !== null);
  const choose = (next: string) => {
    setAsked(next === "days");
    onChange({
      last: spans.find((span) => span === next) ?? null,
      ...(next === "days" ? {} : { from: null, to: null }),
    });
  };
  const day = (name: "from" | "to") => (
    <Labelled label={t(name)}>
      {(id) => (
        <Input
          id={id}
          type="date"
          className="w-36"
          value={value[name] ?? ""}
          max={name === "from" ? (value.to ?? undefined) : undefined}
          min={name === "to" ? (value.from ?? undefined) : undefined}
          onChange={(event) => onChange({ [name]: event.target.value || null })}
        />
      )}
    </Labelled>
  );
  return (
    <>
      <Labelled label={t("period")}>
        {(id) => (
          <Select
            id={id}
            className="w-36"
            value={value.last ?? (days ? "days" : "")}
            onChange={(event) => choose(event.target.value)}
          >
            <option value="">{t("any")}</option>
            {spans.map((span) => (
              <option key={span} value={span}>
                {t("lastDays", { count: Number(span) })}
              </option>
            ))}
            <option value="days">{t("days")}</option>
          </Select>
        )}
      </Labelled>
      {days ? day("from") : null}
      {days ? day("to") : null}
    </>
  );
}
