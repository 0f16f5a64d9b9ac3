"use client";

import { useTranslations } from "next-intl";
import { enterPodProblems, enterPodSteps, podNamespaces, podRuntimes } from "#common/tools/enter-pod.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

const state = {
  pod: textPart("nginx"),
  namespace: textPart("default"),
  container: textPart(""),
  command: textPart("ip address"),
  runtime: choicePart(podRuntimes, "containerd"),
  enter: choicePart(podNamespaces, "net"),
};
const keys = {
  pod: "enter-pod.pod",
  namespace: "enter-pod.namespace",
  container: "enter-pod.container",
  command: "enter-pod.command",
  runtime: "enter-pod.runtime",
  enter: "enter-pod.enter",
};
const texts = ["pod", "namespace", "container", "command"] as const;

export default function EnterPodTool() {
  const t = useTranslations("tool-enter-pod");
  const [input, choose] = useUrlState(state, { keys });
  const problems = enterPodProblems(input);
  return (
    <CommandBuilder
      label={t("title")}
      entries={texts.map((name) => ({
        name,
        value: input[name],
        label: t(name),
        help: name === "container" ? t("containerHelp") : undefined,
        error: problems.includes(name) ? t(`${name}Wrong`) : undefined,
      }))}
      onText={choose}
      choices={
        <>
          <ChoiceField
            label={t("runtime")}
            values={podRuntimes}
            value={input.runtime}
            words={(one) => t(`runtimes.${one}`)}
            onChange={(runtime) => choose({ runtime })}
          />
          <ChoiceField
            label={t("enter")}
            values={podNamespaces}
            value={input.enter}
            words={(one) => t(`namespaces.${one}`)}
            onChange={(enter) => choose({ enter })}
          />
        </>
      }
      said={
        problems.length > 0
          ? t("notYet")
          : t(`result.${input.enter}`, { pod: input.pod, namespace: input.namespace })
      }
      steps={problems.length > 0 ? [] : enterPodSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
