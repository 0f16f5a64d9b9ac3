"use client";

import { useTranslations } from "next-intl";
import { taskInputProblems, taskPolicies, taskPrograms, taskSteps } from "#common/tools/powershell-task.ts";
import { choicePart, flagPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Switch } from "../ui/toggle.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

const state = {
  script: textPart("E:\\scripts\\ExchangeDailyCheckList.ps1"),
  task: textPart("Exchange daily check list"),
  time: textPart("07:30"),
  program: choicePart(taskPrograms, "windows-powershell"),
  policy: choicePart(taskPolicies, "RemoteSigned"),
  exchange: flagPart(true),
};
const keys = {
  script: "powershell-task.script",
  task: "powershell-task.task",
  time: "powershell-task.time",
  program: "powershell-task.program",
  policy: "powershell-task.policy",
  exchange: "powershell-task.exchange",
};
const texts = ["script", "task", "time"] as const;

export default function PowershellTaskTool() {
  const t = useTranslations("tool-powershell-task");
  const [input, choose] = useUrlState(state, { keys });
  const problems = taskInputProblems(input);
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
            label={t("program")}
            values={taskPrograms}
            value={input.program}
            onChange={(program) => choose({ program })}
          />
          <ChoiceField
            label={t("policy")}
            values={taskPolicies}
            value={input.policy}
            onChange={(policy) => choose({ policy })}
          />
          <Switch
            label={t("exchange")}
            checked={input.exchange}
            onChange={(event) => choose({ exchange: event.target.checked })}
          />
        </>
      }
      said={
        problems.length > 0
          ? t("notYet")
          : t(input.exchange ? "resultExchange" : "result", { script: input.script, time: input.time })
      }
      steps={problems.length > 0 ? [] : taskSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
