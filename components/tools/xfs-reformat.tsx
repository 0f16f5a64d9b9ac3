"use client";

import { useTranslations } from "next-intl";
import {
  reformatEngines,
  reformatKeeps,
  reformatProblems,
  reformatSteps,
} from "#common/tools/xfs-reformat.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";

const state = {
  device: textPart("/dev/sdb1"),
  mount: textPart("/var/lib/docker"),
  backup: textPart("/backup/docker"),
  engine: choicePart(reformatEngines, "docker"),
  keep: choicePart(reformatKeeps, "volumes"),
};
const keys = {
  device: "xfs-reformat.device",
  mount: "xfs-reformat.mount",
  backup: "xfs-reformat.backup",
  engine: "xfs-reformat.engine",
  keep: "xfs-reformat.keep",
};
const texts = ["device", "mount", "backup"] as const;

export default function XfsReformatTool() {
  const t = useTranslations("tool-xfs-reformat");
  const [input, choose] = useUrlState(state, { keys });
  const problems = reformatProblems(input);
  const wrong = new Map(problems.map(({ field, why }) => [field, t(`wrong.${why}`)]));
  return (
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {texts.map((name) => (
          <Field key={name} label={t(name)} error={wrong.get(name)}>
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
          label={t("engine")}
          values={reformatEngines}
          value={input.engine}
          onChange={(engine) => choose({ engine })}
        />
        <ChoiceField
          label={t("keep")}
          values={reformatKeeps}
          value={input.keep}
          words={(keep) => t(`keeps.${keep}`)}
          onChange={(keep) => choose({ keep })}
        />
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {problems.length > 0
          ? t("notYet", { device: input.device, mount: input.mount })
          : t("result", { device: input.device, mount: input.mount, keep: input.keep })}
      </p>
      {problems.length > 0 ? null : (
        <CommandSteps steps={reformatSteps(input)} words={(id) => t(`step.${id}`)} />
      )}
    </section>
  );
}
