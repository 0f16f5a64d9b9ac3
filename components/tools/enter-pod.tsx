"use client";

import { useTranslations } from "next-intl";
import { enterPodProblems, enterPodSteps, podNamespaces, podRuntimes } from "#common/tools/enter-pod.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandSteps } from "./parts/command-steps.tsx";

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
    <section aria-label={t("title")} className="grid gap-5">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {texts.map((name) => (
          <Field
            key={name}
            label={t(name)}
            help={name === "container" ? t("containerHelp") : undefined}
            error={problems.includes(name) ? t(`${name}Wrong`) : undefined}
          >
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
      </div>
      <p aria-live="polite" className="text-lead text-ink">
        {problems.length > 0
          ? t("notYet")
          : t(`result.${input.enter}`, { pod: input.pod, namespace: input.namespace })}
      </p>
      {problems.length > 0 ? null : (
        <CommandSteps steps={enterPodSteps(input)} words={(id) => t(`step.${id}`)} />
      )}
    </section>
  );
}
