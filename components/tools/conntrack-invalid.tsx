"use client";

import { useTranslations } from "next-intl";
import { invalidFixes, invalidPaths, invalidSteps, ruleTools } from "#common/tools/conntrack-invalid.ts";
import { choicePart, integerPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";
import { within } from "./parts/within.ts";

const state = {
  logPerSecond: integerPart(1),
  fix: choicePart(invalidFixes, "drop"),
  rules: choicePart(ruleTools, "iptables"),
  path: choicePart(invalidPaths, "input"),
};
const keys = {
  logPerSecond: "conntrack-invalid.log",
  fix: "conntrack-invalid.fix",
  rules: "conntrack-invalid.rules",
  path: "conntrack-invalid.path",
};

export default function ConntrackInvalidTool() {
  const t = useTranslations("tool-conntrack-invalid");
  const [chosen, choose] = useUrlState(state, { keys });
  const input = { ...chosen, logPerSecond: within(chosen.logPerSecond, 1, 1000) };
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <Field label={t("logPerSecond")}>
          {(control) => (
            <Input
              {...control}
              type="number"
              inputMode="numeric"
              min={1}
              max={1000}
              value={chosen.logPerSecond}
              onChange={(event) => choose({ logPerSecond: event.target.valueAsNumber || 1 })}
            />
          )}
        </Field>
        <ChoiceField
          label={t("fix")}
          values={invalidFixes}
          value={input.fix}
          words={(fix) => t(`fixes.${fix}`)}
          onChange={(fix) => choose({ fix })}
        />
        <ChoiceField
          label={t("rules")}
          values={ruleTools}
          value={input.rules}
          onChange={(rules) => choose({ rules })}
        />
        <ChoiceField
          label={t("path")}
          values={invalidPaths}
          value={input.path}
          words={(path) => t(`paths.${path}`)}
          onChange={(path) => choose({ path })}
        />
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {t(`tradeoff.${input.fix}`)}
      </p>
      <CommandSteps
        steps={invalidSteps(input)}
        words={(id) => t(`step.${id}`, { log: input.logPerSecond })}
      />
    </section>
  );
}
