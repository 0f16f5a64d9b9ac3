"use client";

import { useFormatter, useTranslations } from "next-intl";
import { fairSeats } from "#common/tools/fair-seats.ts";
import { integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { NumberField } from "./parts/number-field.tsx";
import { within } from "./parts/within.ts";

/** Bounds: those of the API, and hands small enough to be worth a queue each. */
const fields = {
  totalSeats: { first: 600, min: 1, max: 100_000 },
  shares: { first: 100, min: 1, max: 10_000 },
  allShares: { first: 245, min: 1, max: 100_000 },
  queues: { first: 128, min: 1, max: 1_024 },
  handSize: { first: 6, min: 1, max: 20 },
  queueLength: { first: 50, min: 1, max: 10_000 },
  heavyFlows: { first: 4, min: 0, max: 40 },
} as const;
type Name = keyof typeof fields;
const names = Object.keys(fields) as Name[];

const state = {
  totalSeats: integerPart(fields.totalSeats.first),
  shares: integerPart(fields.shares.first),
  allShares: integerPart(fields.allShares.first),
  queues: integerPart(fields.queues.first),
  handSize: integerPart(fields.handSize.first),
  queueLength: integerPart(fields.queueLength.first),
  heavyFlows: integerPart(fields.heavyFlows.first),
};
const keys = {
  totalSeats: "fair-seats.total",
  shares: "fair-seats.shares",
  allShares: "fair-seats.all-shares",
  queues: "fair-seats.queues",
  handSize: "fair-seats.hand",
  queueLength: "fair-seats.length",
  heavyFlows: "fair-seats.heavy",
};

export default function FairSeatsTool() {
  const t = useTranslations("tool-fair-seats");
  const format = useFormatter();
  const [chosen, choose] = useUrlState(state, { keys });
  const of = (name: Name) => within(chosen[name], fields[name].min, fields[name].max);
  const input = {
    totalSeats: of("totalSeats"),
    shares: of("shares"),
    allShares: of("allShares"),
    queues: of("queues"),
    handSize: of("handSize"),
    queueLength: of("queueLength"),
    heavyFlows: of("heavyFlows"),
  };
  const { seats, waiting, squashed } = fairSeats(input);
  const percent = format.number(squashed, { style: "percent", maximumSignificantDigits: 2 });
  const verdict = squashed < 0.001 ? "rare" : squashed < 0.1 ? "sometimes" : "often";
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {names.map((name) => (
          <NumberField
            key={name}
            label={t(name)}
            value={input[name]}
            min={fields[name].min}
            max={fields[name].max}
            onChange={(value) => choose({ [name]: value })}
          />
        ))}
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{t("result", { seats, waiting })}</p>
        <p className="mt-1 text-soft">
          {t("squashed", { heavyFlows: input.heavyFlows, handSize: input.handSize, percent, verdict })}
        </p>
        {input.shares > input.allShares ? <p className="mt-1 text-warn">{t("more")}</p> : null}
        {input.handSize > input.queues ? <p className="mt-1 text-warn">{t("hand")}</p> : null}
      </div>
    </section>
  );
}
