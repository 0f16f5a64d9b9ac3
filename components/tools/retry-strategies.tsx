"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { number } from "#common/format.ts";
import { simulate, strategies } from "#common/tools/retry-strategies.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Slider } from "../ui/slider.tsx";
import { RetryChart } from "./parts/retry-chart.tsx";
import { within } from "./parts/within.ts";

const state = {
  rate: integerPart(40),
  capacity: integerPart(60),
  together: integerPart(200),
  outageSeconds: integerPart(20),
  retries: integerPart(3),
  pauseMs: integerPart(1_000),
  strategy: choicePart(strategies, "immediate"),
};
const keys = {
  rate: "retry.rate",
  capacity: "retry.capacity",
  together: "retry.together",
  outageSeconds: "retry.outage",
  retries: "retry.retries",
  pauseMs: "retry.pause-ms",
  strategy: "retry.strategy",
};
const sliders = [
  { name: "rate", min: 5, max: 100, step: 5 },
  { name: "capacity", min: 5, max: 200, step: 5 },
  { name: "together", min: 0, max: 500, step: 20 },
  { name: "outageSeconds", min: 0, max: 40, step: 1 },
  { name: "retries", min: 0, max: 8, step: 1 },
  { name: "pauseMs", min: 100, max: 3_000, step: 100 },
] as const;

export default function RetryStrategiesTool() {
  const t = useTranslations("tool-retry-strategies");
  const locale = useLocale();
  const [chosen, choose] = useUrlState(state, { keys });
  const [rate, capacity] = [within(chosen.rate, 5, 100), within(chosen.capacity, 5, 200)];
  const [together, outageSeconds] = [within(chosen.together, 0, 500), within(chosen.outageSeconds, 0, 40)];
  const [retries, pauseMs] = [within(chosen.retries, 0, 8), within(chosen.pauseMs, 100, 3_000)];
  const values = { rate, capacity, together, outageSeconds, retries, pauseMs };
  const results = useMemo(() => {
    const common = { rate, capacity, together, outageSeconds, retries, pauseMs, seed: 1 };
    return strategies.map((strategy) => ({ strategy, ...simulate({ ...common, strategy }) }));
  }, [rate, capacity, together, outageSeconds, retries, pauseMs]);
  const rows = results.map((result) => {
    const share = (100 * result.succeeded) / Math.max(1, result.succeeded + result.failed);
    const facts = { share: `${number(share, locale, 1)} %`, peak: result.peak };
    const { recoverySeconds } = result;
    const seconds = recoverySeconds === undefined ? "" : number(recoverySeconds, locale, 1);
    return {
      ...result,
      name: t(`strategies.${result.strategy}`),
      told: t("told", facts),
      chosen: result.strategy === chosen.strategy,
      result: recoverySeconds === undefined ? t("stuck", facts) : t("result", { ...facts, seconds }),
    };
  });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {sliders.map(({ name, ...range }) => (
          <Slider
            key={name}
            label={t(name)}
            {...range}
            value={values[name]}
            onChange={(event) => choose({ [name]: Number(event.target.value) })}
          />
        ))}
        <Field label={t("strategy")}>
          {(control) => (
            <Select
              {...control}
              value={chosen.strategy}
              onChange={(event) => {
                const next = strategies.find((each) => each === event.target.value);
                if (next) choose({ strategy: next });
              }}
            >
              {strategies.map((each) => (
                <option key={each} value={each}>
                  {t(`strategies.${each}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{rows.find((row) => row.chosen)?.result}</p>
        <p className="mt-1 text-soft">{t(`explained.${chosen.strategy}`)}</p>
        <p className="mt-1 text-soft">{t("model")}</p>
      </div>
      <RetryChart
        label={t("chart")}
        words={{ load: t("load"), answered: t("answered"), outage: t("outage") }}
        rows={rows}
        outageSeconds={outageSeconds}
      />
    </section>
  );
}
