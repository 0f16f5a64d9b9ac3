"use client";

import { useTranslations } from "next-intl";
import { type CfsTimeline, cfsTimeline } from "#common/tools/cfs-timeline.ts";
import { integerPart, numberPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Slider } from "../ui/slider.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { CfsChart } from "./parts/cfs-chart.tsx";
import { within } from "./parts/within.ts";

const state = {
  limit: numberPart(0.4),
  threads: integerPart(1),
  cpus: integerPart(4),
  work: integerPart(200),
  burst: integerPart(0),
};
const keys = {
  limit: "cfs-timeline.limit",
  threads: "cfs-timeline.threads",
  cpus: "cfs-timeline.cpus",
  work: "cfs-timeline.work",
  burst: "cfs-timeline.burst",
};

const whole = (value: number) => Math.round(value * 10) / 10;

export default function CfsTimelineTool() {
  const t = useTranslations("tool-cfs-timeline");
  const [chosen, choose] = useUrlState(state, { keys });
  const limitCores = Math.round(within(chosen.limit, 0.1, 8) * 10) / 10;
  const threads = within(chosen.threads, 1, 32);
  const cpus = within(chosen.cpus, 1, 32);
  const workMs = within(chosen.work, 10, 1000);
  const burstMs = within(chosen.burst, 0, 200);
  const timeline = cfsTimeline({ limitCores, threads, cpus, workMs, burstMs });
  const result = t("result", {
    throttled: timeline.throttledPeriods,
    finish: whole(timeline.finishMs),
    unlimited: whole(timeline.unlimitedMs),
    added: whole(timeline.addedMs),
  });
  const ms = (value: number) => t("milliseconds", { value });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <Slider
          label={t("limit")}
          min={0.1}
          max={8}
          step={0.1}
          value={limitCores}
          format={(value) => t("limitValue", { value })}
          onChange={(event) => choose({ limit: event.target.valueAsNumber })}
        />
        <Slider
          label={t("work")}
          min={10}
          max={1000}
          step={10}
          value={workMs}
          format={ms}
          onChange={(event) => choose({ work: event.target.valueAsNumber })}
        />
        <Slider
          label={t("threads")}
          min={1}
          max={32}
          value={threads}
          onChange={(event) => choose({ threads: event.target.valueAsNumber })}
        />
        <Slider
          label={t("cpus")}
          min={1}
          max={32}
          value={cpus}
          onChange={(event) => choose({ cpus: event.target.valueAsNumber })}
        />
        <Slider
          label={t("burst")}
          min={0}
          max={200}
          step={10}
          value={burstMs}
          format={ms}
          onChange={(event) => choose({ burst: event.target.valueAsNumber })}
        />
      </div>
      <div>
        <p aria-live="polite" className="text-lead text-ink">
          {result}
        </p>
        <p className="mt-1 text-soft">{quotaWords(t, timeline, limitCores)}</p>
      </div>
      <CfsChart timeline={timeline} label={result} />
      <Disclosure summary={t("asTable")}>
        <Spans timeline={timeline} />
      </Disclosure>
    </section>
  );
}

type Words = ReturnType<typeof useTranslations<"tool-cfs-timeline">>;

function quotaWords(t: Words, { quotaMs, parallel }: CfsTimeline, limit: number): string {
  const spent = quotaMs / parallel;
  const values = { limit, quota: whole(quotaMs), parallel, spent: whole(spent) };
  return t(spent < 100 ? "quota" : "quotaWhole", values);
}

function Spans({ timeline }: { timeline: CfsTimeline }) {
  const t = useTranslations("tool-cfs-timeline");
  const ms = (value: number) => t("milliseconds", { value: whole(value) });
  return (
    <Table label={t("tableLabel")}>
      <Thead>
        <tr>
          <Th>{t("state")}</Th>
          <Th numeric>{t("from")}</Th>
          <Th numeric>{t("until")}</Th>
          <Th numeric>{t("length")}</Th>
        </tr>
      </Thead>
      <tbody>
        {timeline.segments.map(({ kind, startMs, endMs }) => (
          <Tr key={startMs}>
            <Td>{t(kind === "run" ? "running" : "stopped")}</Td>
            <Td numeric>{ms(startMs)}</Td>
            <Td numeric>{ms(endMs)}</Td>
            <Td numeric>{ms(endMs - startMs)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
