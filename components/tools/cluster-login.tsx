"use client";

import { useTranslations } from "next-intl";
import {
  loginMethods,
  loginProblems,
  loginScopes,
  loginSteps,
  mostDays,
} from "#common/tools/cluster-login.ts";
import { choicePart, integerPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";
import { NumberField } from "./parts/number-field.tsx";

const state = {
  name: textPart("test"),
  namespace: textPart("default"),
  server: textPart("https://192.168.77.130:6443"),
  cluster: textPart("kubernetes"),
  verbs: textPart("get,list,watch"),
  resources: textPart("pods"),
  days: integerPart(30),
  method: choicePart(loginMethods, "token"),
  scope: choicePart(loginScopes, "namespace"),
};
const keys = {
  name: "cluster-login.name",
  namespace: "cluster-login.namespace",
  server: "cluster-login.server",
  cluster: "cluster-login.cluster",
  verbs: "cluster-login.verbs",
  resources: "cluster-login.resources",
  days: "cluster-login.days",
  method: "cluster-login.method",
  scope: "cluster-login.scope",
};
const texts = ["name", "namespace", "server", "cluster", "verbs", "resources"] as const;

export default function ClusterLoginTool() {
  const t = useTranslations("tool-cluster-login");
  const [input, choose] = useUrlState(state, { keys });
  const problems = loginProblems(input);
  const { name, days, method, scope, namespace, verbs, resources } = input;
  return (
    <CommandBuilder
      label={t("title")}
      entries={texts.map((field) => ({
        name: field,
        value: input[field],
        label: t(field),
        error: problems.includes(field) ? t(`${field}Wrong`, { method }) : undefined,
      }))}
      onText={choose}
      choices={
        <>
          <NumberField
            label={t("days")}
            value={days}
            min={1}
            max={mostDays}
            onChange={(value) => choose({ days: value })}
          />
          <ChoiceField
            label={t("method")}
            values={loginMethods}
            value={method}
            words={(one) => t(`methods.${one}`)}
            onChange={(value) => choose({ method: value })}
          />
          <ChoiceField
            label={t("scope")}
            values={loginScopes}
            value={scope}
            words={(one) => t(`scopes.${one}`)}
            onChange={(value) => choose({ scope: value })}
          />
        </>
      }
      said={
        problems.length > 0
          ? t("notYet")
          : t("result", { name, days, method, scope, namespace, verbs, resources })
      }
      steps={problems.length > 0 ? [] : loginSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
