"use client";

import { useTranslations } from "next-intl";
import {
  type IpvsProblem,
  ipvsProblems,
  ipvsProtocols,
  ipvsSchedulers,
  ipvsSteps,
  returnPaths,
} from "#common/tools/ipvs-service.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";
import { ChoiceField } from "./parts/choice-field.tsx";
import { CommandBuilder } from "./parts/command-builder.tsx";

const state = {
  service: textPart("169.254.11.2:80"),
  servers: textPart("192.168.77.140:8080, 192.168.77.141:8080"),
  protocol: choicePart(ipvsProtocols, "tcp"),
  scheduler: choicePart(ipvsSchedulers, "rr"),
  returnPath: choicePart(returnPaths, "rule"),
};
const keys = {
  service: "ipvs-service.service",
  servers: "ipvs-service.servers",
  protocol: "ipvs-service.protocol",
  scheduler: "ipvs-service.scheduler",
  returnPath: "ipvs-service.return",
};
const fields = ["service", "servers"] as const;

export default function IpvsServiceTool() {
  const t = useTranslations("tool-ipvs-service");
  const [input, choose] = useUrlState(state, { keys });
  const problems = ipvsProblems(input);
  const errorOf = (field: IpvsProblem["field"]) => {
    const [problem] = problems.filter((one) => one.field === field);
    if (!problem) return undefined;
    const word = "word" in problem ? (problem.word ?? "") : input.service;
    return t(`wrong.${problem.code}`, { word });
  };
  return (
    <CommandBuilder
      label={t("title")}
      entries={fields.map((field) => ({
        name: field,
        value: input[field],
        label: t(field),
        help: t(`${field}Help`),
        error: errorOf(field),
      }))}
      onText={choose}
      choices={
        <>
          <ChoiceField
            label={t("scheduler")}
            values={ipvsSchedulers}
            value={input.scheduler}
            words={(one) => t(`schedulerName.${one}`)}
            onChange={(one) => choose({ scheduler: one })}
          />
          <ChoiceField
            label={t("returnPath")}
            values={returnPaths}
            value={input.returnPath}
            words={(one) => t(`returnPathName.${one}`)}
            onChange={(one) => choose({ returnPath: one })}
          />
          <ChoiceField
            label={t("protocol")}
            values={ipvsProtocols}
            value={input.protocol}
            words={(one) => one.toUpperCase()}
            onChange={(one) => choose({ protocol: one })}
          />
        </>
      }
      said={problems.length > 0 ? t("notYet") : t("result", { service: input.service.trim() })}
      steps={problems.length > 0 ? [] : ipvsSteps(input)}
      words={(id) => t(`step.${id}`)}
    />
  );
}
