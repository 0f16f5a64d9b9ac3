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
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

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
    <CommandBuilder
      label={t("title")}
      entries={texts.map((name) => ({ name, value: input[name], label: t(name), error: wrong.get(name) }))}
      onText={choose}
      choices={
        <>
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
        </>
      }
      said={t(problems.length > 0 ? "notYet" : "result", {
        device: input.device,
        mount: input.mount,
        keep: input.keep,
      })}
      steps={problems.length > 0 ? [] : reformatSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
