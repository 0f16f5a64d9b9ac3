"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { DrainOrderQuestion } from "#common/contracts/drain.ts";
import { exampleFacts } from "#common/kubernetes/drain-example.ts";
import { drainOrderReport } from "#common/kubernetes/drain-order-report.ts";
import { trpc } from "#components/api/trpc.ts";
import { choicePart, flagPart, integerPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Slider } from "../ui/slider.tsx";
import { Checkbox } from "../ui/toggle.tsx";
import { DrainOrderResult } from "./parts/drain-order-result.tsx";
import { type DrainPlace, DrainSourceLine, sinceReadMs, useDrainPlace } from "./parts/drain-source.tsx";
import { within } from "./parts/within.ts";

const mostParallel = 500;
const scopes = ["workers", "all"] as const;
const state = {
  parallel: integerPart(1),
  keep: integerPart(50),
  zones: flagPart(true),
  which: choicePart(scopes, "workers"),
  find: textPart(""),
};
const keys = {
  parallel: "order.parallel",
  keep: "order.keep",
  zones: "order.zones",
  which: "order.which",
  find: "order.find",
};

export default function DrainOrderTool() {
  const t = useTranslations("tool-drain-order");
  const place = useDrainPlace();
  const [chosen, choose] = useUrlState(state, { keys });
  const question: DrainOrderQuestion = {
    parallel: within(chosen.parallel, 1, mostParallel),
    keepPercent: within(chosen.keep, 0, 100),
    zoneByZone: chosen.zones,
    which: chosen.which,
    find: chosen.find.trim().slice(0, 200),
  };
  if (place.pending) return <Skeleton className="h-96 w-full" />;
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <DrainSourceLine place={place} />
      <div className="grid items-start gap-x-6 gap-y-4 sm:grid-cols-2">
        <Field label={t("parallel")} help={t("parallelHelp")}>
          {(control) => (
            <Input
              {...control}
              type="number"
              inputMode="numeric"
              min={1}
              max={mostParallel}
              value={question.parallel}
              onChange={(event) => {
                if (!Number.isNaN(event.target.valueAsNumber))
                  choose({ parallel: within(Math.round(event.target.valueAsNumber), 1, mostParallel) });
              }}
            />
          )}
        </Field>
        <Slider
          label={t("keep")}
          min={0}
          max={100}
          step={5}
          value={question.keepPercent}
          format={(value) => `${value} %`}
          onChange={(event) => choose({ keep: event.target.valueAsNumber })}
        />
        <Field label={t("which")}>
          {(control) => (
            <Select
              {...control}
              value={question.which}
              onChange={(event) =>
                choose({ which: scopes.find((one) => one === event.target.value) ?? "workers" })
              }
            >
              {scopes.map((one) => (
                <option key={one} value={one}>
                  {t(`which_${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("find")}>
          {(control) => (
            <Input
              {...control}
              type="text"
              autoComplete="off"
              spellCheck={false}
              value={chosen.find}
              onChange={(event) => choose({ find: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          label={t("zones")}
          checked={chosen.zones}
          onChange={(event) => choose({ zones: event.target.checked })}
        />
      </div>
      <div aria-live="polite" className="min-w-0">
        <Order place={place} question={question} />
      </div>
      <p className="text-faint">{t("model")}</p>
    </section>
  );
}

function Order({ place, question }: { place: DrainPlace; question: DrainOrderQuestion }) {
  const t = useTranslations("tool-drain-order");
  const { team, cluster, live } = place;
  const asked = useQuery({
    ...trpc.disruption.plan.queryOptions({ team, cluster: cluster?.slug ?? "", ...question }),
    enabled: live !== null,
    refetchInterval: sinceReadMs,
    placeholderData: (before) => before,
  });
  const key = JSON.stringify(question);
  const example = useMemo(
    () => (live ? null : drainOrderReport(exampleFacts, JSON.parse(key) as DrainOrderQuestion, () => 0)),
    [live, key],
  );
  const report = live ? asked.data : example;
  if (live && asked.isError) return <p className="text-fail">{t("failed")}</p>;
  return report ? (
    <DrainOrderResult report={report} parallel={question.parallel} />
  ) : (
    <Skeleton className="h-40 w-full" />
  );
}
