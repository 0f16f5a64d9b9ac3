"use client";

import { useLocale, useTranslations } from "next-intl";
import {
  bufferingOf,
  bufferResult,
  bufferRuntimes,
  bufferStreams,
  bufferSwitches,
  bufferTargets,
} from "#common/tools/stdout-buffering.ts";
import { choicePart, flagPart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Switch } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { durationWords } from "./parts/duration-words.ts";
import { within } from "./parts/within.ts";

const state = {
  lineBytes: integerPart(80),
  linesPerMinute: integerPart(6),
  runtime: choicePart(bufferRuntimes, "glibc"),
  stream: choicePart(bufferStreams, "stdout"),
  target: choicePart(bufferTargets, "pipe"),
  switched: flagPart(false),
};
const keys = {
  lineBytes: "stdout-buffering.line",
  linesPerMinute: "stdout-buffering.rate",
  runtime: "stdout-buffering.runtime",
  stream: "stdout-buffering.stream",
  target: "stdout-buffering.to",
  switched: "stdout-buffering.switched",
};
const numbers = ["lineBytes", "linesPerMinute"] as const;

export default function StdoutBufferingTool() {
  const t = useTranslations("tool-stdout-buffering");
  const locale = useLocale();
  const [chosen, choose] = useUrlState(state, { keys });
  const rate = {
    lineBytes: within(chosen.lineBytes, 1, 100_000),
    linesPerMinute: within(chosen.linesPerMinute, 1, 1_000_000),
  };
  const result = bufferResult(chosen, rate);
  const change = bufferSwitches[chosen.runtime];
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {numbers.map((name) => (
          <Field key={name} label={t(name)}>
            {(control) => (
              <Input
                {...control}
                type="number"
                inputMode="numeric"
                min={1}
                value={chosen[name]}
                onChange={(event) => choose({ [name]: event.target.valueAsNumber || 1 })}
              />
            )}
          </Field>
        ))}
        <ChoiceField
          label={t("runtime")}
          values={bufferRuntimes}
          value={chosen.runtime}
          words={(runtime) => t(`runtimes.${runtime}`)}
          onChange={(runtime) => choose({ runtime })}
        />
        <ChoiceField
          label={t("stream")}
          values={bufferStreams}
          value={chosen.stream}
          onChange={(stream) => choose({ stream })}
        />
        <ChoiceField
          label={t("target")}
          values={bufferTargets}
          value={chosen.target}
          words={(target) => t(`targets.${target}`)}
          onChange={(target) => choose({ target })}
        />
        <Switch
          label={change ? t("switched", { change }) : t("noSwitch")}
          disabled={change === null}
          checked={chosen.switched && change !== null}
          onChange={(event) => choose({ switched: event.target.checked })}
        />
      </div>
      <div aria-live="polite">
        <p className="text-lead text-ink">
          {t("result", {
            mode: result.mode,
            bytes: result.bytes,
            delay: durationWords(result.firstSeenSeconds, locale),
          })}
        </p>
        <p className="mt-1 text-soft">
          {t("risk", { mode: result.mode, lines: result.linesAtRisk, line: rate.lineBytes })}
        </p>
      </div>
      <StreamTable runtime={chosen.runtime} switched={chosen.switched} />
    </section>
  );
}

function StreamTable({ runtime, switched }: { runtime: (typeof bufferRuntimes)[number]; switched: boolean }) {
  const t = useTranslations("tool-stdout-buffering");
  return (
    <Table label={t("table")}>
      <Thead>
        <tr>
          <Th>{t("stream")}</Th>
          {bufferTargets.map((target) => (
            <Th key={target}>{t(`targets.${target}`)}</Th>
          ))}
        </tr>
      </Thead>
      <tbody>
        {bufferStreams.map((stream) => (
          <Tr key={stream}>
            <Td className="font-mono">{stream}</Td>
            {bufferTargets.map((target) => (
              <Td key={target}>{t("cell", bufferingOf({ runtime, stream, target, switched }))}</Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
