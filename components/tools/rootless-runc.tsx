"use client";

import { useTranslations } from "next-intl";
import { imageTools, rootlessProblems, rootlessSteps } from "#common/tools/rootless-runc.ts";
import { choicePart, flagPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Switch } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";

const state = {
  name: textPart("mycontainerid"),
  image: textPart("busybox"),
  command: textPart("sleep 3600"),
  tool: choicePart(imageTools, "docker"),
  detached: flagPart(true),
  writable: flagPart(false),
};
const keys = {
  name: "rootless-runc.name",
  image: "rootless-runc.image",
  command: "rootless-runc.command",
  tool: "rootless-runc.tool",
  detached: "rootless-runc.detached",
  writable: "rootless-runc.writable",
};
const texts = ["name", "image", "command"] as const;

export default function RootlessRuncTool() {
  const t = useTranslations("tool-rootless-runc");
  const [input, choose] = useUrlState(state, { keys });
  const problems = rootlessProblems(input);
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {texts.map((name) => (
          <Field key={name} label={t(name)} error={problems.includes(name) ? t(`${name}Wrong`) : undefined}>
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                value={input[name]}
                onChange={(event) => choose({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <ChoiceField
          label={t("tool")}
          values={imageTools}
          value={input.tool}
          onChange={(tool) => choose({ tool })}
        />
        <Switch
          label={t("detached")}
          checked={input.detached}
          onChange={(event) => choose({ detached: event.target.checked })}
        />
        <Switch
          label={t("writable")}
          checked={input.writable}
          onChange={(event) => choose({ writable: event.target.checked })}
        />
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {problems.length > 0 ? t("notYet") : t("result", { name: input.name, image: input.image })}
      </p>
      {problems.length > 0 ? null : (
        <CommandSteps steps={rootlessSteps(input)} words={(id) => t(`step.${id}`)} />
      )}
    </section>
  );
}
