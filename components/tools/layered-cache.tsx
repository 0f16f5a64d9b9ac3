"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { number } from "#common/format.ts";
import {
  type LayeredCache,
  movedShare,
  type Routing,
  routings,
  simulate,
} from "#common/tools/layered-cache.ts";
import { choicePart, integerPart, numberPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Slider } from "../ui/slider.tsx";
import { CacheShares } from "./parts/cache-shares.tsx";
import { within } from "./parts/within.ts";

const objects = 5_000;
const requests = 40_000;
const state = {
  l1Nodes: integerPart(8),
  l1Size: integerPart(100),
  l2Nodes: integerPart(2),
  l2Size: integerPart(1_000),
  skew: numberPart(0.9),
  routing: choicePart(routings, "hashed"),
};
const keys = {
  l1Nodes: "cache.l1-nodes",
  l1Size: "cache.l1-size",
  l2Nodes: "cache.l2-nodes",
  l2Size: "cache.l2-size",
  skew: "cache.skew",
  routing: "cache.routing",
};

export default function LayeredCacheTool() {
  const t = useTranslations("tool-layered-cache");
  const locale = useLocale();
  const [chosen, choose] = useUrlState(state, { keys });
  const l1Nodes = within(chosen.l1Nodes, 1, 24);
  const l1Size = within(chosen.l1Size, 0, 1_000);
  const l2Nodes = within(chosen.l2Nodes, 1, 12);
  const l2Size = within(chosen.l2Size, 0, 3_000);
  const skew = within(chosen.skew, 0, 2);
  const { routing } = chosen;
  const results = useMemo(() => {
    const common: Omit<LayeredCache, "routing"> = {
      ...{ objects, requests, skew, seed: 1 },
      ...{ l1Nodes, l1Size, l2Nodes, l2Size },
    };
    const of = (each: Routing) => ({ routing: each, ...simulate({ ...common, routing: each }) });
    return { any: of("any"), hashed: of("hashed") };
  }, [l1Nodes, l1Size, l2Nodes, l2Size, skew]);
  const moved = useMemo(() => movedShare(2_000, l1Nodes), [l1Nodes]);
  const shown = results[routing];
  const percent = (share: number) => `${number(100 * share, locale, 1)} %`;
  const result = t("result", {
    l1: percent(shown.l1Hits / requests),
    l2: percent(shown.l2Hits / requests),
    origin: percent(shown.origin / requests),
  });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <Slider
          label={t("l1Nodes")}
          min={1}
          max={24}
          value={l1Nodes}
          onChange={(event) => choose({ l1Nodes: Number(event.target.value) })}
        />
        <Slider
          label={t("l1Size")}
          min={0}
          max={1_000}
          step={20}
          value={l1Size}
          onChange={(event) => choose({ l1Size: Number(event.target.value) })}
        />
        <Slider
          label={t("l2Nodes")}
          min={1}
          max={12}
          value={l2Nodes}
          onChange={(event) => choose({ l2Nodes: Number(event.target.value) })}
        />
        <Slider
          label={t("l2Size")}
          min={0}
          max={3_000}
          step={100}
          value={l2Size}
          onChange={(event) => choose({ l2Size: Number(event.target.value) })}
        />
        <Slider
          label={t("skew")}
          min={0}
          max={2}
          step={0.1}
          value={skew}
          onChange={(event) => choose({ skew: Number(event.target.value) })}
        />
        <Field label={t("routing")}>
          {(control) => (
            <Select
              {...control}
              value={routing}
              onChange={(event) => {
                const next = routings.find((each) => each === event.target.value);
                if (next) choose({ routing: next });
              }}
            >
              {routings.map((each) => (
                <option key={each} value={each}>
                  {t(`routed.${each}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">{result}</p>
        <p className="mt-1 text-soft">
          {t("held", {
            distinct: shown.l1Distinct,
            room: Math.min(objects, l1Nodes * l1Size),
            peak: number(shown.l1Peak, locale, 2),
          })}
        </p>
        <p className="mt-1 text-soft">
          {t("moved", { ring: percent(moved.ring), modulo: percent(moved.modulo) })}
        </p>
      </div>
      <CacheShares
        label={t("chart", { requests })}
        words={{ l1: t("l1"), l2: t("l2"), origin: t("origin") }}
        rows={routings.map((each) => ({
          name: t(`routed.${each}`),
          chosen: each === routing,
          ...results[each],
        }))}
      />
    </section>
  );
}
