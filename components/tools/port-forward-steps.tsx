"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import {
  forwardActors,
  forwardProtocols,
  forwardRuntimes,
  forwardSteps,
  forwardVerbs,
} from "#common/tools/port-forward-steps.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { SequenceChart } from "./parts/sequence-chart.tsx";
import { within } from "./parts/within.ts";

const state = {
  step: integerPart(1),
  runtime: choicePart(forwardRuntimes, "containerd"),
  protocol: choicePart(forwardProtocols, "websocket"),
};
const keys = { step: "forward.step", runtime: "forward.runtime", protocol: "forward.protocol" };

export default function PortForwardStepsTool() {
  const t = useTranslations("tool-port-forward-steps");
  const [chosen, choose] = useUrlState(state, { keys });
  const { runtime, protocol } = chosen;
  const steps = forwardSteps(runtime);
  const current = Math.round(within(chosen.step, 1, steps.length));
  const step = steps[current - 1] ?? steps[0];
  if (!step) return null;
  const go = (to: number) => choose({ step: within(to, 1, steps.length) });
  const values = { protocol: t(`protocol.${protocol}`), verbs: forwardVerbs(protocol), runtime };
  const place = (actor: (typeof forwardActors)[number]) => forwardActors.indexOf(actor);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-end gap-x-6 gap-y-4 sm:grid-cols-3">
        <NumberField
          label={t("step", { count: steps.length })}
          value={current}
          min={1}
          max={steps.length}
          onChange={go}
        />
        <ChoiceField
          label={t("runtime")}
          values={forwardRuntimes}
          value={runtime}
          words={(one) => t(`runtimes.${one}`)}
          onChange={(one) => choose({ runtime: one })}
        />
        <ChoiceField
          label={t("protocolLabel")}
          values={forwardProtocols}
          value={protocol}
          words={(one) => t(`protocol.${one}`)}
          onChange={(one) => choose({ protocol: one })}
        />
      </div>
      <div className="grid items-start gap-x-8 gap-y-5 md:grid-cols-2">
        <SequenceChart
          actors={forwardActors.map((actor) => t(`actors.${actor}`))}
          steps={steps.map(({ id, from, to }) => ({
            key: id,
            from: place(from),
            ...(to && { to: place(to) }),
          }))}
          current={current - 1}
          label={t("drawing", {
            step: current,
            count: steps.length,
            what: t(`steps.${step.id}.what`, values),
          })}
        />
        <div className="grid gap-4">
          <div aria-live="polite" className="grid gap-1.5">
            <p className="text-lead text-ink">
              {t("now", { step: current, what: t(`steps.${step.id}.what`, values) })}
            </p>
            <p className="text-soft">{t(`steps.${step.id}.more`, values)}</p>
            <p className="text-soft">{t("fails", { words: t(`steps.${step.id}.fails`, values) })}</p>
          </div>
          <div className="flex gap-2">
            <Button onClick={() => go(current - 1)} disabled={current === 1}>
              {t("back")}
            </Button>
            <Button onClick={() => go(current + 1)} disabled={current === steps.length}>
              {t("next")}
            </Button>
          </div>
          <ol aria-label={t("all")} className="grid gap-0.5">
            {steps.map(({ id }, index) => (
              <li key={id}>
                <button
                  type="button"
                  aria-current={index + 1 === current ? "step" : undefined}
                  onClick={() => go(index + 1)}
                  className={clsx(
                    "w-full rounded-control px-2 py-1 text-left hover:bg-hover",
                    index + 1 === current ? "bg-accent-wash text-accent" : "text-soft",
                  )}
                >
                  <span className="tabular-nums">{index + 1}.</span> {t(`steps.${id}.what`, values)}
                </button>
              </li>
            ))}
          </ol>
        </div>
      </div>
    </section>
  );
}
