"use client";

import { useTranslations } from "next-intl";
import { imageTools, rootlessProblems, rootlessSteps } from "#common/tools/rootless-runc.ts";
import { choicePart, flagPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Switch } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

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
    <CommandBuilder
      label={t("title")}
      entries={texts.map((name) => ({
        name,
        value: input[name],
        label: t(name),
        error: problems.includes(name) ? t(`${name}Wrong`) : undefined,
      }))}
      onText={choose}
      choices={
        <>
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
        </>
      }
      said={problems.length > 0 ? t("notYet") : t("result", { name: input.name, image: input.image })}
      steps={problems.length > 0 ? [] : rootlessSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
