"use client";

import clsx from "clsx";
import { useTranslations } from "next-intl";
import { journeys, ownPorts, type PathStep, readPorts, sidecarPath } from "#common/tools/sidecar-path.ts";
import { reachable } from "#components/ui/reachable.ts";
import { choicePart, flagPart, integerPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Switch } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { NumberField } from "./parts/number-field.tsx";
import { within } from "./parts/within.ts";

const state = {
  port: integerPart(8080),
  journey: choicePart(journeys, "outbound"),
  inbound: textPart(""),
  outbound: textPart(""),
  asProxy: flagPart(false),
};
const keys = {
  port: "sidecar-path.port",
  journey: "sidecar-path.way",
  inbound: "sidecar-path.exclude-in",
  outbound: "sidecar-path.exclude-out",
  asProxy: "sidecar-path.as-proxy",
};
const lists = ["inbound", "outbound"] as const;

export default function SidecarPathTool() {
  const t = useTranslations("tool-sidecar-path");
  const [chosen, choose] = useUrlState(state, { keys });
  const { journey, asProxy } = chosen;
  const port = Math.round(within(chosen.port, 1, 65_535));
  const path = sidecarPath({
    journey,
    port,
    asProxy,
    excludedInbound: readPorts(chosen.inbound) ?? [],
    excludedOutbound: readPorts(chosen.outbound) ?? [],
  });
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid items-start gap-x-6 gap-y-4 sm:grid-cols-2">
        <NumberField
          label={t("port")}
          value={port}
          min={1}
          max={65_535}
          onChange={(value) => choose({ port: value })}
        />
        <ChoiceField
          label={t("journeyLabel")}
          values={journeys}
          value={journey}
          words={(one) => t(`journey.${one}`)}
          onChange={(one) => choose({ journey: one })}
        />
        {lists.map((name) => (
          <Field
            key={name}
            label={t(`exclude.${name}`)}
            error={readPorts(chosen[name]) === null ? t("badPorts") : undefined}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                value={chosen[name]}
                onChange={(event) => choose({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Switch
          label={t("asProxy")}
          checked={asProxy}
          onChange={(event) => choose({ asProxy: event.target.checked })}
        />
      </div>
      <div aria-live="polite" className="grid gap-1">
        <p className="text-lead text-ink">
          {t(`end.${path.end}`, { port: journey === "probe" ? ownPorts[2] : port })}
        </p>
        <p className="text-soft">{t(`next.${path.end}`)}</p>
      </div>
      <Rules steps={path.steps} />
    </section>
  );
}

/** As iptables tries them; the one that matches in each chain stands out, and says so to whoever cannot see it. */
function Rules({ steps }: { steps: readonly PathStep[] }) {
  const t = useTranslations("tool-sidecar-path");
  return (
    <ol {...reachable} aria-label={t("rules")} className="grid overflow-x-auto font-mono text-dense">
      {steps.map((step, index) => (
        <li
          key={step.rule}
          className={clsx(
            "rounded-control px-2 py-0.5 whitespace-nowrap",
            steps[index - 1] && steps[index - 1]?.chain !== step.chain && "mt-2",
            step.hit ? "bg-accent-wash text-accent" : "text-faint",
          )}
        >
          {step.rule}
          {step.hit ? <span className="sr-only"> {t("matches")}</span> : null}
        </li>
      ))}
    </ol>
  );
}
